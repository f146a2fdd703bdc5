import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHttpServer, type Patience } from '../http-server.js'
import { Visit } from '../routing/visit.js'
import type { BodyWriter } from '../stream/body-writer.js'
import { openBody } from '../stream/open-body.js'

/** One answer that is open. */
interface Open {
  readonly body: BodyWriter
  readonly visit: Visit
  readonly response: ServerResponse
  /** The response, and all that node's HTTP keeps with it, is over. */
  readonly left: Promise<void>
  readonly over: Promise<void>
}

const PATIENCE: Patience = { headers: 5_000, request: 5_000, idle: 500, lastBytes: 500, check: 10 }

let server: Server
let opened: Open[]
let wake: () => void
const sockets: Socket[] = []

/** `/stream` opens an answer for the test to write; anything else is answered with its path and its body. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  if (request.url !== '/stream') return void response.end(`${request.url} ${text.length}`)
  const visit = new Visit(response)
  const left = new Promise<void>((resolve) => response.once('close', () => resolve()))
  const over = new Promise<void>((resolve) => visit.onOver(resolve))
  opened.push({ body: openBody(response, {}, visit), visit, response, left, over })
  wake()
}

beforeEach(async () => {
  opened = []
  wake = () => {}
  server = createHttpServer((request, response) => void answer(request, response), PATIENCE)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server.closeAllConnections()
  if (server.listening) await new Promise((resolve) => server.close(resolve))
})

/** A client that writes bytes, and all that comes back. */
class Client {
  readonly socket: Socket
  text = ''
  readonly closed: Promise<void>
  #wake: () => void = () => {}

  constructor(first: string, { reads = true } = {}) {
    // Listening on TCP, so the address has this form.
    this.socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
    sockets.push(this.socket)
    this.socket.write(first)
    if (reads) this.socket.on('data', (chunk: Buffer) => this.#add(chunk.toString()))
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()))
  }

  async until(part: string): Promise<string> {
    while (!this.text.includes(part)) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.text
  }

  #add(text: string): void {
    this.text += text
    this.#wake()
  }
}

async function nextOpen(): Promise<Open> {
  for (;;) {
    const open = opened.shift()
    if (open) return open
    await new Promise<void>((resolve) => (wake = resolve))
  }
}

const request = (path: string, { method = 'GET', more = '', version = '1.1', body = '' } = {}): string =>
  `${method} ${path} HTTP/${version}\r\nhost: a\r\n${more}${body && `content-length: ${body.length}\r\n`}\r\n${body}`
const STREAM = request('/stream', { method: 'POST', body: '{"content":"a\\r\\n\\r\\nb"}' })
const framed = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const END = '0\r\n\r\n'
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

describe('an answer that is open', () => {
  test('needs nothing of node’s HTTP, and its connection is used again and again', async () => {
    const client = new Client('')
    for (const word of ['eins', 'zwei', 'drei – 👋']) {
      client.text = ''
      client.socket.write(STREAM)
      const { body, left, over, visit } = await nextOpen()
      body.write(word)
      await left
      expect(visit.status).toBe(200)
      body.write(word)
      body.end()
      expect(bodyOf(await client.until(END))).toBe(framed(word).repeat(2) + END)
      await over
      expect(visit.signal.aborted).toBe(false)
      client.text = ''
      client.socket.write(request('/other'))
      await client.until('/other 0')
    }
  })

  test('leaves nothing on a connection that carries many', async () => {
    const listeners: Record<string, number>[] = []
    server.once('connection', (socket: Socket) =>
      server.on('request', () => {
        const names = socket.eventNames().map(String)
        listeners.push(Object.fromEntries(names.map((name) => [name, socket.listenerCount(name)])))
      }),
    )
    const client = new Client('')
    for (let i = 0; i < 4; i += 1) {
      client.text = ''
      client.socket.write(STREAM)
      const { body, over } = await nextOpen()
      body.end()
      await Promise.all([over, client.until(END)])
    }
    expect(listeners).toHaveLength(4)
    for (const counted of listeners) expect(counted).toEqual(listeners[0])
  })

  test('is followed by the answers to what was asked meanwhile, in pieces', async () => {
    const client = new Client(STREAM)
    const { body, left } = await nextOpen()
    await left
    const next = request('/later', { method: 'POST', body: 'x'.repeat(200_000) })
    for (let at = 0; at < next.length; at += 30_000) client.socket.write(next.slice(at, at + 30_000))
    body.write('word')
    await client.until(framed('word'))
    expect(client.text).not.toContain('/later')
    body.end()
    await client.until('/later 200000')
    expect(bodyOf(client.text)).toMatch(/^4\r\nword\r\n0\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
  })

  test.each([
    ['whole', request('/next')],
    ['whole and another stream', request('/next') + STREAM],
    ['begun', request('/next').slice(0, 10)],
  ])('and to what came in one piece with it, %s', async (_, behind) => {
    const client = new Client(STREAM + behind)
    const { body } = await nextOpen()
    body.write('word')
    client.socket.write(request('/next').slice(behind.length))
    body.end()
    await client.until('/next 0')
    expect(client.text.indexOf(framed('word') + END)).toBeGreaterThan(0)
    if (!behind.endsWith(STREAM)) return
    const second = await nextOpen()
    second.body.write('more')
    second.body.end()
    await client.until(framed('more') + END)
  })

  test('ends with the connection where the client wants that', async () => {
    const client = new Client(request('/stream', { more: 'connection: close\r\n' }))
    const { body, left, over } = await nextOpen()
    await left
    body.write('word')
    body.end()
    await Promise.all([client.closed, over])
    expect(bodyOf(client.text)).toBe(framed('word') + END)
  })

  test('is plain text, to the end of the connection, for a client of HTTP/1.0', async () => {
    const client = new Client(request('/stream', { version: '1.0', more: 'connection: keep-alive\r\n' }))
    const { body, left, over } = await nextOpen()
    await left
    body.write('word')
    body.end()
    await Promise.all([client.closed, over])
    expect(bodyOf(client.text)).toBe('word')
    expect(client.text).toMatch(/connection: close/i)
  })

  test('has no body for HEAD', async () => {
    const client = new Client(request('/stream', { method: 'HEAD' }))
    const { body } = await nextOpen()
    body.write('word')
    body.end()
    client.socket.write(request('/other'))
    await client.until('/other 0')
    expect(bodyOf(client.text)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })

  test('goes on behind a request whose body came in chunks', async () => {
    const coded = 'transfer-encoding: chunked\r\n'
    const client = new Client(`${request('/stream', { method: 'POST', more: coded })}${framed('{}')}${END}`)
    const { body } = await nextOpen()
    body.write('word')
    body.end()
    expect(bodyOf(await client.until(END))).toBe(framed('word') + END)
  })
})

describe('a client that is gone is noticed', () => {
  test.each([
    ['sends nothing more', (socket: Socket) => socket.end()],
    ['leaves', (socket: Socket) => socket.destroy()],
    ['resets the connection', (socket: Socket) => socket.resetAndDestroy()],
  ])('when it %s', async (_, leave) => {
    const client = new Client(STREAM)
    const { body, visit, over, left } = await nextOpen()
    await left
    body.write('word')
    await client.until('word')
    leave(client.socket)
    await Promise.all([over, client.closed])
    expect(visit.signal.aborted).toBe(true)
    expect(body.write('to nobody')).toBe(true)
    await body.drained()
    body.end()
  })

  test('when it does not take the last bytes', async () => {
    const client = new Client(STREAM, { reads: false })
    const { body, visit, over } = await nextOpen()
    while (body.write('x'.repeat(1_000_000)));
    expect(body.isFull).toBe(true)
    body.end()
    await over
    expect(visit.signal.aborted).toBe(true)
    client.socket.destroy()
  })

  test('when it stays and asks nothing more', async () => {
    const client = new Client(STREAM)
    const { body } = await nextOpen()
    body.end()
    await client.closed
    expect(bodyOf(client.text)).toBe(END)
  })
})

test('a client that takes its time gets everything', async () => {
  const client = new Client(STREAM, { reads: false })
  const { body } = await nextOpen()
  const piece = 'x'.repeat(100_000)
  let pieces = 1
  while (body.write(piece)) pieces += 1
  client.socket.on('data', (chunk: Buffer) => (client.text += chunk.toString()))
  await body.drained()
  expect(body.isFull).toBe(false)
  body.end()
  await expect.poll(() => client.text.endsWith(END)).toBe(true)
  expect(bodyOf(client.text)).toBe(framed(piece).repeat(pieces) + END)
})

describe('a server that ends', () => {
  test('waits for open answers, and keeps no connection then', async () => {
    const client = new Client(STREAM)
    const { body, left } = await nextOpen()
    await left
    const closed = new Promise((resolve) => server.close(resolve))
    body.write('word')
    body.end()
    await Promise.all([closed, client.closed])
    expect(bodyOf(client.text)).toBe(framed('word') + END)
  })

  test('can close them with all others', async () => {
    const client = new Client(STREAM)
    const { visit, left, over } = await nextOpen()
    await left
    server.closeAllConnections()
    await Promise.all([client.closed, over])
    expect(visit.signal.aborted).toBe(true)
  })
})
