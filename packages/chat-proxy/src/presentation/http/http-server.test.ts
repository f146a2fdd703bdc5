import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, type Socket } from 'node:net'
import type { Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHttpServer, type Patience } from './http-server.js'

test('in use nobody who sends nothing stays for longer than 15 seconds', () => {
  const { headersTimeout, requestTimeout, keepAliveTimeout } = createHttpServer(() => {})
  for (const limit of [headersTimeout, requestTimeout, keepAliveTimeout]) {
    expect(limit).toBeGreaterThan(0)
    // They are looked at every second.
    expect(limit + 1_000).toBeLessThanOrEqual(15_000)
  }
})

/** Enough for a good client on a machine that has much to do. */
const SHORT: Patience = { headers: 600, request: 700, idle: 300, lastBytes: 600, check: 10 }
const LARGE = Buffer.alloc(64 * 1024 * 1024)

let server: Server
const sockets: Socket[] = []
beforeEach(async () => {
  server = createHttpServer((request, response) => {
    if (request.url === '/large') response.end(LARGE)
    else request.resume().on('end', () => response.end('ok'))
  }, SHORT)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

// A listening TCP server has an address of this form.
const portOf = (): number => (server.address() as AddressInfo).port

/** Sends `first`, then `drop` again and again, and tells what came back until the server hung up. */
function visit(first: string, { drop = '', reads = true } = {}): Promise<string> {
  const socket = connect({ port: portOf(), host: '127.0.0.1' })
  sockets.push(socket)
  socket.write(first)
  const timer = setInterval(() => drop && socket.writable && socket.write(drop), 20)
  let text = ''
  return new Promise((resolve) => {
    if (reads) socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    const done = (): void => {
      clearInterval(timer)
      resolve(text)
    }
    socket.on('error', done).on('close', done)
  })
}

const good = () => fetch(`http://127.0.0.1:${portOf()}/`).then((answer) => answer.text())
const POST = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n'

describe('a client that keeps a connection busy with nothing is let go, and others are served meanwhile', () => {
  test.each([
    ['says nothing', '', {}],
    ['sends its headers letter by letter', 'GET / HTTP/1.1\r\nx-slow: ', { drop: 'a' }],
    ['sends its body letter by letter', POST, { drop: 'a' }],
    ['stops in the middle of its body', `${POST}abc`, {}],
    ['stays after its answer', 'GET / HTTP/1.1\r\nhost: a\r\n\r\n', {}],
  ])('when it %s', async (_, first, options) => {
    const gone = visit(first, options)
    expect(await good()).toBe('ok')
    await gone
  })

  test('when it does not take its answer', async () => {
    const isThere = once(server, 'connection')
    const bad = visit('GET /large HTTP/1.1\r\nhost: a\r\n\r\n', { reads: false })
    const connections = () =>
      new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
    await isThere
    await expect.poll(connections).toBe(0)
    for (const socket of sockets) socket.destroy()
    await bad
  })

  test('and is told why, where it can be', async () => {
    expect(await visit(POST, { drop: 'a' })).toMatch(/^HTTP\/1\.1 408 .*"type":"BadRequestError"/s)
  })

  test('and headers beyond 16 KiB are refused', async () => {
    const large = `GET / HTTP/1.1\r\nx-large: ${'a'.repeat(17 * 1024)}\r\n\r\n`
    expect(await visit(large)).toMatch(/^HTTP\/1\.1 431 /)
  })
})

describe('what is wrong with HTTP itself is answered in the shape of all errors', () => {
  test.each([
    ['a request line that is none', 'GARBAGE\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['an expectation that nobody knows', 'GET / HTTP/1.1\r\nhost: a\r\nexpect: a-miracle\r\n\r\n', 417],
  ])('%s', async (_, request, status) => {
    const [head = '', body = ''] = (await visit(request)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toContain('content-type: application/json; charset=utf-8')
    expect(JSON.parse(body)).toEqual({
      error: 'The request is not valid',
      detail: expect.any(String),
      type: 'BadRequestError',
      request_id: expect.any(String),
    })
  })

  test('HTTP/1.0 knows no Host', async () => {
    expect(await visit('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })
})
