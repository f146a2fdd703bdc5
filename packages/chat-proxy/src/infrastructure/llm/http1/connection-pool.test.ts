import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { ConnectFailure } from './connect-failure.js'
import type { Exchange } from './connection.js'
import { ConnectionPool } from './connection-pool.js'
import { CollectingReceiver } from './testing/collecting-receiver.js'
import { RawServer, type Answering } from './testing/raw-server.js'
import { selfSigned } from './testing/self-signed.js'

class Asked extends CollectingReceiver implements Exchange {
  readonly over: Promise<string>
  #resolve: (body: string) => void = () => {}
  #reject: (error: Error) => void = () => {}
  ends = 0

  constructor() {
    super()
    this.over = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  onEnd(): void {
    this.ends += 1
    this.#resolve(this.body)
  }

  onFailure(error: Error): void {
    this.ends += 1
    this.#reject(error)
  }
}

let server: RawServer | null = null
afterEach(async () => {
  await server?.close()
  server = null
})

async function open(...answerings: Answering[]): Promise<ConnectionPool> {
  server = await RawServer.open(answerings)
  return poolTo(server.port)
}

const poolTo = (port: number, over: { host?: string; isSecure?: boolean; connectTimeout?: number } = {}) =>
  new ConnectionPool({ isSecure: false, host: '127.0.0.1', port, connectTimeout: 10_000, ...over })

const REQUEST = 'GET / HTTP/1.1\r\n\r\n'
const sized = (body: string, ...lines: readonly string[]): string =>
  ['HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...lines, '', body].join('\r\n')

function ask(pool: ConnectionPool, request = REQUEST): Asked & { abort: (reason: Error) => void } {
  const asked = new Asked()
  const connection = pool.ask(request, asked)
  return Object.assign(asked, { abort: (reason: Error) => connection.abort(asked, reason) })
}

describe('a connection', () => {
  test('is used again, for as many answers as come', async () => {
    const pool = await open((socket) => socket.write(sized('hi')))
    for (let i = 0; i < 3; i += 1) expect(await ask(pool).over).toBe('hi')
    expect(server?.connections).toBe(1)
  })

  test('asks one thing at a time: what is asked meanwhile has a connection of its own', async () => {
    const pool = await open((socket) => void setImmediate(() => socket.write(sized('hi'))))
    expect(await Promise.all([ask(pool).over, ask(pool).over])).toEqual(['hi', 'hi'])
    expect(server?.connections).toBe(2)
  })

  test.each([
    ['says that it closes', sized('hi', 'Connection: close')],
    ['says more than it was asked', `${sized('hi')}HTTP/1.1 200 OK`],
    ['keeps it for no time', sized('hi', 'Keep-Alive: timeout=1')],
  ])('is not used again when the server %s', async (_, answer) => {
    const pool = await open((socket) => socket.write(answer))
    for (let i = 0; i < 2; i += 1) expect(await ask(pool).over).toBe('hi')
    expect(server?.connections).toBe(2)
    await expect.poll(() => server?.open).toBe(0)
  })

  test.each<[string, Answering]>([
    ['ended', (socket) => socket.end(sized('hi'))],
    ['reset', (socket) => socket.write(sized('hi'), () => socket.resetAndDestroy())],
    ['misused', (socket) => socket.write(sized('hi'), () => setImmediate(() => socket.write('what?')))],
  ])('that is %s by the server while it is free is not used again', async (_, answering) => {
    const pool = await open(answering, (socket) => socket.write(sized('again')))
    expect(await ask(pool).over).toBe('hi')
    await expect.poll(() => server?.open).toBe(0)
    // This side hears of it in one of the next turns.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(await ask(pool).over).toBe('again')
  })

  test('that was answered before all of the question was taken is not used again', async () => {
    const pool = await open(
      (socket) => socket.pause().write(sized('too much')),
      (socket) => socket.write(sized('again')),
    )
    expect(await ask(pool, REQUEST + 'x'.repeat(32_000_000)).over).toBe('too much')
    expect(await ask(pool).over).toBe('again')
    expect(server?.connections).toBe(2)
  })

  test('that is not used ends after its time', async () => {
    // One second is the margin.
    const pool = await open((socket) => socket.write(sized('hi', 'Keep-Alive: timeout=2')))
    await ask(pool).over
    expect(server?.open).toBe(1)
    await expect.poll(() => server?.open).toBe(0)
  })

  test('whose answer has no length ends with it', async () => {
    const pool = await open((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nto the end'))
    expect(await ask(pool).over).toBe('to the end')
  })
})

describe('an exchange', () => {
  test.each<[string, Answering]>([
    ['a connection that ends', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal')],
    [
      'a reset',
      (socket) =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal', () => socket.resetAndDestroy()),
    ],
    ['what is no HTTP', (socket) => socket.write('220 mail.example ESMTP\r\n')],
    ['nothing', (socket) => socket.end()],
  ])('fails once with %s, and it is not for want of a connection', async (_, answering) => {
    const asked = ask(await open(answering))
    await expect(asked.over).rejects.not.toBeInstanceOf(ConnectFailure)
    await expect.poll(() => server?.open).toBe(0)
    expect(asked.ends).toBe(1)
  })

  test('that is aborted fails with the reason and closes its connection', async () => {
    const pool = await open((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhal'))
    const asked = ask(pool)
    await expect.poll(() => asked.body).toBe('hal')
    asked.abort(new Error('enough'))
    await expect(asked.over).rejects.toThrow('enough')
    await expect.poll(() => server?.open).toBe(0)
    expect(asked.ends).toBe(1)
  })

  test('that is over is not aborted: its connection is another one’s by now', async () => {
    const pool = await open(
      (socket) => socket.write(sized('one')),
      (socket) => void setImmediate(() => socket.write(sized('two'))),
    )
    const first = ask(pool)
    await first.over
    const second = ask(pool)
    first.abort(new Error('too late'))
    expect(await second.over).toBe('two')
    expect(server?.connections).toBe(1)
  })
})

describe('no connection', () => {
  test('comes about where nobody listens', async () => {
    const pool = await open()
    await server?.close()
    server = null
    await expect(ask(pool).over).rejects.toMatchObject({ name: 'ConnectFailure', code: 'ECONNREFUSED' })
  })

  test('comes about in time', async () => {
    const mute = await RawServer.open([() => {}])
    server = mute
    const asked = ask(poolTo(mute.port, { isSecure: true, connectTimeout: 20 }))
    await expect(asked.over).rejects.toMatchObject({ name: 'ConnectFailure', isTimeout: true })
    await expect.poll(() => mute.open).toBe(0)
  })
})

describe('over TLS', () => {
  const trusted = getCACertificates('default')
  const secret = selfSigned('localhost')
  afterEach(() => setDefaultCACertificates(trusted))

  async function openSecure(cert = secret): Promise<RawServer> {
    server = await RawServer.open([(socket) => socket.write(sized('hi', 'X: y'))], cert)
    return server
  }

  test.each(['127.0.0.1', 'localhost'])(
    'asks %s whose certificate is good, on one connection',
    async (host) => {
      setDefaultCACertificates([secret.cert])
      const { port } = await openSecure()
      const pool = poolTo(port, { isSecure: true, host })
      for (let i = 0; i < 3; i += 1) expect(await ask(pool).over).toBe('hi')
      expect(server?.connections).toBe(1)
    },
  )

  test('sends nothing to a server that nobody vouches for', async () => {
    const requests: string[] = []
    server = await RawServer.open([(_socket, request) => requests.push(request)], secret)
    const asked = ask(poolTo(server.port, { isSecure: true }))
    await expect(asked.over).rejects.toMatchObject({
      name: 'ConnectFailure',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    await expect.poll(() => server?.open).toBe(0)
    expect(requests).toEqual([])
  })

  test('sends nothing to a server of another name', async () => {
    const other = selfSigned('example.test')
    setDefaultCACertificates([other.cert])
    const { port } = await openSecure(other)
    const asked = ask(poolTo(port, { isSecure: true, host: 'localhost' }))
    await expect(asked.over).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  test('a long answer comes whole', async () => {
    setDefaultCACertificates([secret.cert])
    const body = 'words and words '.repeat(20_000)
    server = await RawServer.open([(socket) => socket.write(sized(body))], secret)
    expect(await ask(poolTo(server.port, { isSecure: true })).over).toBe(body)
  })
})
