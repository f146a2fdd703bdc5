import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'

/** A program beside Node that takes part in a bench; figures depend on its version. */
export type Part = 'Chromium' | 'nginx' | 'PostgreSQL' | 'Redis' | 'SQLite'

export const CHROMIUM = process.env['CHROME_PATH'] ?? '/usr/bin/chromium'

/** Null where it is not installed. */
export const NGINX =
  ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find(
    existsSync,
  ) ?? null

/** @returns each part that is there with its version, such as `Redis 7.0.15` */
export async function versionsOf(parts: readonly Part[]): Promise<readonly string[]> {
  const versions = await Promise.all(
    parts.map(async (part) => ({ part, version: /\d+(\.\d+)+/.exec(await TELLS[part]())?.[0] })),
  )
  return versions.flatMap(({ part, version }) => (version === undefined ? [] : `${part} ${version}`))
}

/** What holds the version of each; nothing of one that is not there. */
const TELLS: Readonly<Record<Part, () => string | Promise<string>>> = {
  Chromium: () => said(CHROMIUM, '--version'),
  nginx: () => (NGINX === null ? '' : said(NGINX, '-v')),
  PostgreSQL: postgresql,
  Redis: () => said('redis-server', '--version'),
  SQLite: sqlite,
}

function said(program: string, argument: string): string {
  const { stdout, stderr, error } = spawnSync(program, [argument], { encoding: 'utf8' })
  return error ? '' : stdout + stderr
}

function sqlite(): string {
  const database = new DatabaseSync(':memory:')
  try {
    return String(database.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  } finally {
    database.close()
  }
}

async function postgresql(): Promise<string> {
  const connectionString = process.env['TEST_DATABASE_URL']
  if (!connectionString) return ''
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    return rows[0]?.server_version ?? ''
  } finally {
    await client.end()
  }
}
