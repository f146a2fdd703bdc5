import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ProxyProcess } from '../support/proxy-process.js'
import { SlowUpstream } from '../support/slow-upstream.js'

const STREAMS = 500
/** Longer than the grace time, so that no answer ends by itself. */
const WORDS = Array.from({ length: 1000 }, (_, index) => `w${index} `)

interface Reading {
  readonly runId: string
  text: string
  lastId: string
  status: string | null
}

describe('SIGTERM with 500 open streams', () => {
  let folder: string
  let upstream: SlowUpstream
  const agent = new Agent({ keepAlive: false, maxSockets: Infinity })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colloquy-drain-'))
    upstream = await SlowUpstream.open(WORDS, 200)
  })
  afterAll(async () => {
    await upstream.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('cuts none without an end or a place to resume from, and loses no text that was shown', async () => {
    const env = {
      DATA_DIR: folder,
      LLM_BASE_URL: upstream.url,
      LLM_API_KEY: 'sk-none',
      LLM_MODEL: 'slow',
      SHUTDOWN_GRACE_SECONDS: '1',
    }
    const first = await started(env)
    const token = await startSession(first.port)
    const readings = await Promise.all(
      Array.from({ length: STREAMS }, (_, index) => open(first.port, token, index)),
    )
    await Promise.all(readings.map(({ begun }) => begun))
    expect(await first.terminate()).toBe(0)
    await Promise.all(readings.map(({ closed }) => closed))
    for (const { reading } of readings) expect(reading.lastId).toMatch(/^run_drain_\d+\.\d+$/)

    const second = await started(env)
    const resumed = await Promise.all(readings.map(({ reading }) => resume(second.port, token, reading)))
    await second.terminate()
    for (const [index, after] of resumed.entries()) {
      const before = readings[index]?.reading
      expect(after.status).toBe('interrupted')
      expect(after.text.startsWith(before?.text ?? '-')).toBe(true)
      expect(WORDS.join('').startsWith(after.text)).toBe(true)
    }
  }, 180_000)

  /** Ended with the test, also when it fails. */
  async function started(env: Record<string, string>): Promise<ProxyProcess> {
    const proxy = await ProxyProcess.start(env)
    onTestFinished(() => proxy.kill())
    return proxy
  }

  async function startSession(port: number): Promise<string> {
    const response = await call(port, 'POST', '/api/v1/chat/start', null, {})
    const { token }: { token: string } = JSON.parse(await bodyOf(response))
    return token
  }

  /** A question in a conversation of its own, its stream open and at least one word of it read. */
  async function open(port: number, token: string, index: number) {
    const conversation = `conversation_${index}`
    await bodyOf(await call(port, 'POST', '/api/v1/conversations', token, { id: conversation }))
    const reading: Reading = { runId: `run_drain_${index}`, text: '', lastId: '', status: null }
    const send = { content: `Question ${index}`, run_id: reading.runId }
    const response = await call(port, 'POST', `/api/v1/conversations/${conversation}/messages`, token, send)
    let hasBegun = (): void => {}
    const begun = new Promise<void>((resolve) => (hasBegun = resolve))
    const closed = read(response, reading, () => reading.text && hasBegun())
    return { reading, begun, closed }
  }

  async function resume(port: number, token: string, { runId, lastId, text }: Reading): Promise<Reading> {
    const reading: Reading = { runId, text, lastId, status: null }
    const response = await call(port, 'GET', `/api/v1/runs/${runId}/events?after=${lastId}`, token)
    await read(response, reading, () => {})
    return reading
  }

  function call(
    port: number,
    method: string,
    path: string,
    token: string | null,
    body?: object,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = {
        accept: /messages|events/.test(path) ? 'text/event-stream' : 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      }
      const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent }, resolve)
      outgoing.on('error', reject)
      outgoing.end(body && JSON.stringify(body))
    })
  }
})

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Reads events until the connection ends, however it ends. */
function read(response: IncomingMessage, reading: Reading, onEvent: () => void): Promise<void> {
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    const frames = (rest + chunk).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) take(frame, reading)
    onEvent()
  })
  return new Promise((resolve) => response.on('close', resolve).on('error', () => {}))
}

function take(frame: string, reading: Reading): void {
  const id = /^id: (.+)$/m.exec(frame)?.[1]
  const data = /^data: (.+)$/m.exec(frame)?.[1]
  if (!id || !data) return
  reading.lastId = id
  if (data === '[DONE]') return
  const chunk: {
    choices: { delta: { content?: string } }[]
    colloquy?: { status?: string; resync?: { content: string } }
  } = JSON.parse(data)
  reading.text += chunk.choices[0]?.delta.content ?? ''
  if (chunk.colloquy?.resync) reading.text = chunk.colloquy.resync.content
  reading.status = chunk.colloquy?.status ?? reading.status
}
