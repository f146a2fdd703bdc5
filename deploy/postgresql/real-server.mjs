import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'

const execute = promisify(execFile)
const { TEST_DATABASE_URL, TEST_POSTGRES_PROGRAMS } = process.env
// The PostgreSQL that npm has comes without psql.
const PSQL = TEST_POSTGRES_PROGRAMS && join(TEST_POSTGRES_PROGRAMS, 'psql')
const MAIN = join(import.meta.dirname, '../../packages/chat-proxy/dist/main.js')

/** Whether there is a server, and its own programs. */
export const IS_HERE = Boolean(TEST_DATABASE_URL && PSQL && existsSync(PSQL))

/** On the server of `TEST_DATABASE_URL`, for as long as it is used. */
export async function withDatabase(use) {
  const url = new URL(TEST_DATABASE_URL)
  url.pathname = `/colloquy_test_${randomBytes(8).toString('hex')}`
  await psql(TEST_DATABASE_URL, '-c', `create database ${url.pathname.slice(1)}`)
  try {
    await use(url.href)
  } finally {
    await psql(TEST_DATABASE_URL, '-c', `drop database ${url.pathname.slice(1)} with (force)`)
  }
}

export async function psql(url, ...args) {
  const options = ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url]
  return (await execute(PSQL, [...options, ...args])).stdout.trim()
}

/** The proxy as it is built, on a database. */
export async function startProxy(url) {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-postgresql-'))
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

export async function call({ address }, path, token, body) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {}
  const response = await fetch(`${address}/api/v1${path}`, { headers, ...sent })
  expect(response.ok).toBe(true)
  return response.json()
}
