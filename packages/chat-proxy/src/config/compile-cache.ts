import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { readEnvironment } from './read-environment.js'

/**
 * From now on node keeps what it compiles in `DATA_DIR`, so that a process that was killed is sooner back: a fifth of the
 * start is compiling. Only in a folder that is there already, because whoever may write there decides which code runs: no
 * folder for everybody's temporary files is used, and the first start makes none before the configuration is known to be
 * right. Without such a folder, or where it is read-only, code is compiled at each start.
 */
export function keepCompiledCode(): void {
  const folder = dataFolder()
  if (folder !== null && existsSync(folder)) enableCompileCache(join(folder, 'compiled'))
}

function dataFolder(): string | null {
  try {
    return readEnvironment()['DATA_DIR'] || './data'
  } catch {
    // The start itself tells what is wrong with it.
    return null
  }
}
