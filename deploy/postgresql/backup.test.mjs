import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { call, IS_HERE, psql, startProxy, withDatabase } from './real-server.mjs'

const execute = promisify(execFile)
const { PATH, TEST_DATABASE_URL, TEST_POSTGRES_PROGRAMS } = process.env
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/operate.md'), 'utf8')
const [, COMMANDS] = /```sh\n(PGOPTIONS[^`]*pg_dump[^`]*pg_restore[^`]*)```/.exec(PAGE) ?? []

/** As docs/operate.md has it, with names that nobody else of this server has. */
const commandsFor = ({ login, restored }) =>
  COMMANDS.replaceAll('colloquy_restored', restored).replaceAll(/\bcolloquy\b(?!\.)/g, login)

test.skipIf(!IS_HERE)(
  'the backup of docs/operate.md has every conversation, and the proxy starts on it (needs pg_dump, and TEST_DATABASE_URL)',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-backup-'))
    const login = `colloquy_test_${randomBytes(8).toString('hex')}`
    const restored = `${login}_restored`
    await psql(TEST_DATABASE_URL, '-c', `create role ${login} login password 'secret'`)
    try {
      await withDatabase(async (url) => {
        await psql(url, '-c', `alter database ${new URL(url).pathname.slice(1)} owner to ${login}`)
        const own = as(login, url)
        const before = await startProxy(own)
        const { token } = await call(before, '/chat/start', null, {})
        await call(before, '/chat', token, { message: 'One?' })
        await run(commandsFor({ login, restored }), { cwd: folder, env: { DATABASE_URL: own } })
        await before.stop()

        own.pathname = `/${restored}`
        const after = await startProxy(own)
        await call(after, '/chat', token, { message: 'Two?' })
        const { conversations } = await call(after, '/conversations', token)
        await after.stop()
        expect(conversations.map(({ title }) => title)).toEqual(['Two?', 'One?'])
      })
    } finally {
      await psql(TEST_DATABASE_URL, '-c', `drop database if exists ${restored} with (force)`)
      await psql(TEST_DATABASE_URL, '-c', `drop role ${login}`)
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

function as(login, url) {
  const own = new URL(url)
  own.username = login
  own.password = 'secret'
  return own
}

/** As the superuser whom a shell of the server's machine would be. */
function run(commands, { cwd, env }) {
  const server = new URL(TEST_DATABASE_URL)
  const superuser = {
    PATH: `${TEST_POSTGRES_PROGRAMS}:${PATH}`,
    PGHOST: server.hostname,
    PGPORT: server.port || '5432',
    PGUSER: decodeURIComponent(server.username),
    PGPASSWORD: decodeURIComponent(server.password),
  }
  return execute('sh', ['-e', '-c', commands], { cwd, env: { ...superuser, ...env } })
}
