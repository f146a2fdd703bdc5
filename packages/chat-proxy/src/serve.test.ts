import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunDetail, StartResponse } from '@colloquy/chat-core/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
let compiled: string

/** The process runs as JavaScript, without a loader, as an operator starts it. Types are checked elsewhere. */
beforeAll(() => {
  // Below the package, so that its dependencies are found, and of this test run alone.
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  compiled = mkdtempSync(join(cache, 'serve-test-'))
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
  const project = ['-p', join(root, 'tsconfig.build.json'), '--outDir', compiled, '--noCheck']
  const fresh = ['--composite', 'false', '--incremental', 'false', '--tsBuildInfoFile', 'null']
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), ...project, ...fresh])
  writeFileSync(join(compiled, 'package.json'), '{"type":"module"}')
})
afterAll(() => rmSync(compiled, { recursive: true, force: true }))

let folder: string
const processes: Proxy[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chat-proxy-'))
})
afterEach(async () => {
  for (const one of processes.splice(0)) {
    one.child.kill('SIGKILL')
    await one.exited
  }
  rmSync(folder, { recursive: true, force: true })
})

class Proxy {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  out = ''
  err = ''
  #wake: () => void = () => {}

  constructor(env: Record<string, string>) {
    this.child = spawn(process.execPath, [join(compiled, 'main.js')], {
      cwd: folder,
      env: { PORT: '0', LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.out += chunk.toString()
      this.#wake()
    })
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()))
    this.exited = once(this.child, 'close').then(() => {
      this.#wake()
      return this.child.exitCode
    })
    processes.push(this)
  }

  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.out)
      if (match) return match
      if (this.child.exitCode !== null) throw new Error(`It ended without ${pattern}: ${this.err}`)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async address(): Promise<string> {
    return (await this.line(/listening on (http:\S+)/))[1] ?? ''
  }
}

const session = async (base: string): Promise<string> => {
  const response = await fetch(`${base}/api/v1/chat/start`, { method: 'POST' })
  // The shape is what rest.test.ts is about.
  return ((await response.json()) as StartResponse).token
}

const api = (base: string, token: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${base}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

/** The demo model says a word every 25 ms, and the beginning of an answer is stored 250 ms after its first word at the latest. */
const WORDS_UNTIL_STORED = 15

/** A run of the demo model of which some text has arrived. */
async function beginRun(base: string, token: string, words = 3): Promise<void> {
  await api(base, token, '/conversations', { id: 'c_00001' })
  const response = await api(base, token, '/conversations/c_00001/messages', {
    content: 'Hello?',
    run_id: 'run_01',
  })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if ((text.match(/"content":"[^"]/g) ?? []).length >= words) return
  }
  throw new Error(`The answer was over too soon: ${text}`)
}

const runDetail = async (base: string, token: string): Promise<RunDetail> =>
  // The shape is what rest.test.ts is about.
  (await (await api(base, token, '/runs/run_01')).json()) as RunDetail

describe('a start', () => {
  test('without configuration answers with the demo, says so, and stops on SIGTERM', async () => {
    const proxy = new Proxy({})
    const base = await proxy.address()
    await proxy.line(/demo model/)
    expect((await fetch(`${base}/readyz`)).status).toBe(200)
    const token = await session(base)
    await api(base, token, '/conversations', { id: 'c_00001' })
    const { text } = await api(base, token, '/conversations/c_00001/messages', { content: 'Hi' }).then(
      async (answer) => ({ text: await answer.text() }),
    )
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
    expect(text).toContain('"status":"completed"')
    proxy.child.kill('SIGTERM')
    expect(await proxy.exited).toBe(0)
    expect(proxy.err).toBe('')
  })

  test('keeps compiled code in the data folder for the next one, if the folder is there, also when it is killed', async () => {
    const compiled = join(folder, 'data', 'compiled')
    const first = new Proxy({})
    await first.address()
    first.child.kill('SIGKILL')
    await first.exited
    expect(existsSync(compiled), 'the first start made the folder').toBe(false)
    const second = new Proxy({})
    await second.address()
    await expect
      .poll(() => existsSync(compiled) && readdirSync(compiled, { recursive: true }).length, {
        timeout: 10_000,
      })
      .toBeGreaterThan(100)
    second.child.kill('SIGKILL')
    await second.exited
    const third = new Proxy({})
    expect((await fetch(`${await third.address()}/readyz`)).status).toBe(200)
  })

  test('keeps what the last one stored, and its tokens', async () => {
    const first = new Proxy({})
    const token = await session(await first.address())
    await api(await first.address(), token, '/conversations', { id: 'c_00001', title: 'Mine' })
    first.child.kill('SIGINT')
    expect(await first.exited).toBe(0)
    const second = new Proxy({})
    expect(await (await api(await second.address(), token, '/conversations/c_00001')).json()).toMatchObject({
      title: 'Mine',
    })
  })

  test('has its metrics on a port of their own', async () => {
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    // Listening on TCP, so the address has this form.
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const proxy = new Proxy({ METRICS_PORT: String(port) })
    const base = await proxy.address()
    expect((await fetch(`${base}/metrics`)).status).toBe(404)
    const own = `http://127.0.0.1:${port}`
    expect(await (await fetch(`${own}/metrics`)).text()).toContain('colloquy_runs_running 0')
    expect((await fetch(`${own}/api/v1/chat/start`, { method: 'POST' })).status).toBe(404)
    const second = new Proxy({ METRICS_PORT: String(port) })
    expect(await second.exited).toBe(1)
    expect(second.err).toMatch(/^METRICS_PORT: \d+ is in use/)
    proxy.child.kill('SIGTERM')
    expect(await proxy.exited).toBe(0)
  })

  test('reads .env, and the environment wins', async () => {
    writeFileSync(join(folder, '.env'), 'GREETING="From the file"\nSUGGESTIONS=One|Two\n')
    const proxy = new Proxy({ SUGGESTIONS: 'Three' })
    const response = await fetch(`${await proxy.address()}/api/v1/chat/start`, { method: 'POST' })
    expect(await response.json()).toMatchObject({ greeting: 'From the file', suggestions: ['Three'] })
  })

  test('shows whoever looks at its address that it runs and where to go on, and nothing of itself', async () => {
    writeFileSync(join(folder, 'widget.js'), '')
    const base = await new Proxy({ WIDGET_DIR: '.' }).address()
    const { status, headers } = await fetch(base)
    const page = await (await fetch(base)).text()
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(headers.get('x-powered-by')).toBeNull()
    const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link)
    expect(links).toEqual(['readyz', 'healthz', 'docs', 'openapi.json', 'widget/widget.js'])
    for (const link of links) expect((await fetch(`${base}/${link}`)).status, link).toBe(200)
    expect(page.replace(/<style>.*<\/style>/s, '')).not.toMatch(/\d\.\d|sqlite|node/i)
    expect(await (await fetch(await new Proxy({}).address())).text()).not.toContain('widget.js')
  })

  test('without the widget where WIDGET_DIR says it is ends with 1', async () => {
    const proxy = new Proxy({ WIDGET_DIR: './nowhere' })
    expect(await proxy.exited).toBe(1)
    expect(proxy.err).toMatch(/^WIDGET_DIR: there is no widget\.js /)
  })

  test('with mistakes tells them all, echoes no secret, starts nothing and ends with 1', async () => {
    const proxy = new Proxy({
      PORT: 'x',
      LLM_PROVIDER: 'groq',
      LLM_API_KEY: 'sk secret',
      HEARTBEAT_SECONDS: '0',
    })
    expect(await proxy.exited).toBe(1)
    expect(
      proxy.err
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(['PORT', 'HEARTBEAT_SECONDS', 'LLM_API_KEY'])
    expect(proxy.err + proxy.out).not.toContain('secret')
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })

  test('on a port in use says so and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    // Listening on TCP, so the address has this form.
    const proxy = new Proxy({ PORT: String((other.address() as AddressInfo).port) })
    expect(await proxy.exited).toBe(1)
    expect(proxy.err).toMatch(/^PORT: \d+ is in use/)
    other.close()
  })

  test('where it cannot write says so and ends with 1', async () => {
    writeFileSync(join(folder, 'taken'), '')
    const proxy = new Proxy({ DATA_DIR: './taken/data' })
    expect(await proxy.exited).toBe(1)
    expect(proxy.err).toMatch(/^DATA_DIR: /)
  })
})

describe('the end of the process', () => {
  test('cuts an answer off after the grace time and keeps its text', async () => {
    const first = new Proxy({ SHUTDOWN_GRACE_SECONDS: '0' })
    const token = await session(await first.address())
    await beginRun(await first.address(), token)
    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    const second = new Proxy({})
    const run = await runDetail(await second.address(), token)
    expect(run).toMatchObject({ status: 'interrupted', error: { code: 'interrupted', retryable: true } })
    expect(run.message.content).not.toBe('')
  })

  test('by a crash leaves a run that the next start ends as interrupted, text kept', async () => {
    const first = new Proxy({})
    const token = await session(await first.address())
    await beginRun(await first.address(), token, WORDS_UNTIL_STORED)
    first.child.kill('SIGKILL')
    await first.exited
    const second = new Proxy({})
    const base = await second.address()
    await expect.poll(async () => (await runDetail(base, token)).status).toBe('interrupted')
    const run = await runDetail(base, token)
    expect(run).toMatchObject({ status: 'interrupted', error: { code: 'interrupted' } })
    expect(run.message.content).not.toBe('')
    const events = await (
      await api(await second.address(), token, '/runs/run_01/events?after=run_01.4')
    ).text()
    expect(events).toContain('"resync"')
  })

  test('comes at once with a second signal', async () => {
    const proxy = new Proxy({ SHUTDOWN_GRACE_SECONDS: '300' })
    const base = await proxy.address()
    await beginRun(base, await session(base))
    proxy.child.kill('SIGINT')
    await proxy.line(/Stopping/)
    proxy.child.kill('SIGINT')
    expect(await proxy.exited).toBe(1)
  })
})
