import { afterEach, expect, test } from 'vitest'
import { ProviderConnection, Refusal } from './provider-connection.js'
import { RawServer, type Answering } from './http1/testing/raw-server.js'

let server: RawServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

async function post(answering: Answering): Promise<unknown> {
  server = await RawServer.open([answering])
  const baseUrl = `http://127.0.0.1:${server.port}/v1`
  const connection = new ProviderConnection({ baseUrl, apiKey: null, connectTimeout: 10_000 })
  return connection.post({}).answer
}

test('a refusal whose words never end is told, and its connection is ended', async () => {
  const piece = `1000\r\n${'x'.repeat(4096)}\r\n`
  const refused = post((socket) => {
    socket.write('HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\nRetry-After: 7\r\n\r\n')
    const goOn = (): void => void (socket.writable && socket.write(piece, () => setImmediate(goOn)))
    goOn()
  })
  await expect(refused).rejects.toMatchObject({ name: 'Refusal', status: 503 })
  await expect.poll(() => server?.open).toBe(0)
})

test('a refusal in a few words leaves its connection for the next call', async () => {
  const refused = post((socket) => socket.write('HTTP/1.1 429 Wait\r\nContent-Length: 4\r\n\r\nwait'))
  await expect(refused).rejects.toBeInstanceOf(Refusal)
  expect(server?.open).toBe(1)
})
