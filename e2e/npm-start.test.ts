import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
let folder: string
let npm: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colloquy-start-'))
})

afterEach(() => {
  npm?.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
})

/** Runs `npm start` as a shell in a terminal does, as the leader of a process group. */
function npmStart(): Promise<string> {
  // What is set to nothing counts as not set, also where a `.env` of the checkout says otherwise.
  const settings = {
    PORT: '0',
    HOST: '',
    DATA_DIR: folder,
    DATABASE_URL: '',
    REDIS_URL: '',
    LLM_PROVIDER: 'demo',
  }
  const env = { ...process.env, ...settings }
  const child = spawn('npm', ['start'], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  npm = child
  return new Promise((resolve, reject) => {
    let output = ''
    const listen = (text: string) => {
      output += text
      const address = /listening on (http:\S+)/.exec(output)?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout.setEncoding('utf8').on('data', listen)
    child.stderr.setEncoding('utf8').on('data', listen)
    child.once('close', () => reject(new Error(`npm start ended:\n${output}`)))
  })
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  )

it.runIf(process.platform !== 'win32').each([
  ['Ctrl-C in the terminal', (pid: number) => process.kill(-pid, 'SIGINT')],
  ['SIGTERM to npm alone', (pid: number) => process.kill(pid, 'SIGTERM')],
])('%s ends npm start and leaves no server behind', async (_name, end) => {
  const url = await npmStart()
  expect(await answers(url)).toBe(true)
  const ended = new Promise((resolve) => npm?.once('close', resolve))
  end(npm?.pid ?? 0)
  await ended
  await expect.poll(() => answers(url), { timeout: 20_000 }).toBe(false)
})
