import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { ConfigError } from './config.js'

/**
 * The variables of this process, over those of a file `.env` in its working folder, if there is one.
 * @throws ConfigError when the file is there and cannot be read
 */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...readEnvFile(join(process.cwd(), '.env')), ...process.env }
}

function readEnvFile(path: string): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new ConfigError(['.env: the file is there but cannot be read; check its permissions'])
  }
}
