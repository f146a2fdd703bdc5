import { Agent, createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Visit } from '../routing/visit.js'
import { openBody } from './open-body.js'

let server: Server
afterEach(() => new Promise((resolve) => server.close(resolve)))

async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address of this form.
  return (server.address() as AddressInfo).port
}

const PIECES = [': ok\n\n', 'data: Grüße 👋 漢字\n\n', 'x'.repeat(70_000), '']

const writeAll: RequestListener = (_request, response) => {
  const body = openBody(response, { 'content-type': 'text/event-stream' }, new Visit(response))
  for (const piece of PIECES.filter(Boolean)) body.write(piece)
  body.end()
}

test('a client reads what was written, and its connection goes on being used', async () => {
  const port = await serve(writeAll)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const sockets = new Set<unknown>()
  for (let i = 0; i < 3; i += 1) {
    const response = await new Promise<IncomingMessage>((resolve) => get({ port, agent }, resolve))
    sockets.add(response.socket)
    expect(response.headers['transfer-encoding']).toBe('chunked')
    expect(Buffer.concat(await response.toArray()).toString()).toBe(PIECES.join(''))
  }
  expect(sockets.size).toBe(1)
  agent.destroy()
})

test('a client of HTTP/1.0, which knows no chunks, reads plain text', async () => {
  const port = await serve(writeAll)
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  let text = ''
  socket.on('data', (piece) => (text += String(piece)))
  socket.end('GET / HTTP/1.0\r\n\r\n')
  await new Promise((resolve) => socket.once('close', resolve))
  expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe(PIECES.join(''))
})

test('what a host puts around the response sees the text, and not its framing', async () => {
  const seen: unknown[] = []
  const port = await serve((request, response) => {
    const write = response.write.bind(response)
    response.write = (text: string) => {
      seen.push(text)
      return write(text)
    }
    writeAll(request, response)
  })
  const response = await fetch(`http://127.0.0.1:${port}/`)
  expect(await response.text()).toBe(PIECES.join(''))
  expect(seen).toEqual(PIECES.filter(Boolean))
  server.closeAllConnections()
})
