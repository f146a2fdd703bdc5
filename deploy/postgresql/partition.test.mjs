import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const execute = promisify(execFile)
const { TEST_DATABASE_URL, TEST_POSTGRES_PROGRAMS } = process.env
// The PostgreSQL that npm has comes without psql.
const PSQL = TEST_POSTGRES_PROGRAMS && join(TEST_POSTGRES_PROGRAMS, 'psql')
const isHere = TEST_DATABASE_URL && PSQL && existsSync(PSQL)
const MAIN = join(import.meta.dirname, '../../packages/chat-proxy/dist/main.js')
const SCRIPT = join(import.meta.dirname, 'partition.sql')

test.skipIf(!isHere)(
  'divided tables hold what the plain ones did, behind the same wall, and everything works (needs psql, and TEST_DATABASE_URL)',
  async () => {
    await withDatabase(async (url) => {
      const before = await startProxy(url)
      const { token } = await call(before, '/chat/start', null, {})
      await call(before, '/chat', token, { message: 'One?' })
      await before.stop()
      await psql(url, '-v', 'partitions=4', '-f', SCRIPT)

      const after = await startProxy(url)
      await call(after, '/chat', token, { message: 'Two?' })
      const { conversations } = await call(after, '/conversations', token)
      await after.stop()
      expect(conversations.map(({ title }) => title)).toEqual(['Two?', 'One?'])
      const walls = `select relname from pg_class where relkind = 'p' and relrowsecurity and relforcerowsecurity order by 1`
      expect(await psql(url, '-c', walls)).toBe('conversations\nevents\nmessages\nruns')
      const kept = `set colloquy.every_tenant = 'on'; select count(distinct tableoid), count(*) from messages`
      expect(await psql(url, '-c', kept)).toBe('1|4')
      await expect(psql(url, '-c', 'update events set at = 0')).rejects.toThrow('rows are only added')
    })
  },
)

async function withDatabase(use) {
  const url = new URL(TEST_DATABASE_URL)
  url.pathname = `/colloquy_test_${randomBytes(8).toString('hex')}`
  await psql(TEST_DATABASE_URL, '-c', `create database ${url.pathname.slice(1)}`)
  try {
    await use(url.href)
  } finally {
    await psql(TEST_DATABASE_URL, '-c', `drop database ${url.pathname.slice(1)} with (force)`)
  }
}

async function psql(url, ...args) {
  const options = ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url]
  return (await execute(PSQL, [...options, ...args])).stdout.trim()
}

async function startProxy(url) {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-partition-'))
  const env = { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'silent', DATA_DIR: folder, DATABASE_URL: url }
  const child = spawn(process.execPath, [MAIN], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  return {
    address: await addressOf(child),
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const addressOf = (child) =>
  new Promise((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      const [, address] = /listening on (http:\S+)/.exec(output) ?? []
      if (address) resolve(address)
    })
    child.once('exit', () => reject(new Error(output)))
  })

async function call({ address }, path, token, body) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  const response = await fetch(`${address}/api/v1${path}`, { headers, ...sent })
  expect(response.ok).toBe(true)
  return response.json()
}
