import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** Where tests may make and drop databases; without it they are skipped. */
export const TEST_DATABASE_URL = process.env['TEST_DATABASE_URL']

export interface TemporaryDatabase {
  readonly url: string
  /** Also ends connections that are still open. */
  drop(): Promise<void>
}

/** A new database with a random name on the server of `TEST_DATABASE_URL`. */
export async function createTemporaryDatabase(): Promise<TemporaryDatabase> {
  if (!TEST_DATABASE_URL) throw new Error('Set TEST_DATABASE_URL to run the PostgreSQL tests.')
  const name = `colloquy_test_${randomBytes(8).toString('hex')}`
  await runOnServer(`create database ${name}`)
  const url = new URL(TEST_DATABASE_URL)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => runOnServer(`drop database ${name} with (force)`) }
}

/** Runs one statement with the rights of the test URL. */
export async function runOnServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: TEST_DATABASE_URL })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
