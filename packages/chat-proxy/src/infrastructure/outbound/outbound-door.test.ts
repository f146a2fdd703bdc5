import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from '../time/testing/fake-clock.js'
import { OutboundDoor } from './outbound-door.js'
import { OutboundError } from './outbound-error.js'
import type { OutboundRequest } from './outbound-request.js'

let server: Server
let port: number
let requests: number
let connections: number
let answer: RequestListener
let clock: FakeClock
let door: OutboundDoor

beforeEach(async () => {
  requests = 0
  connections = 0
  answer = (_request, response) => response.end('secret of the inside')
  server = createServer((request, response) => {
    requests += 1
    answer(request, response)
  }).on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on TCP, so the address has this form.
  port = (server.address() as AddressInfo).port
  clock = new FakeClock()
  door = new OutboundDoor({ clock })
})
afterEach(async () => {
  await door.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(clock.pending).toBe(0)
})

const get = (over: Partial<OutboundRequest> = {}) =>
  door.get({
    url: `http://127.0.0.1:${port}/keys`,
    reach: 'anywhere',
    timeoutMs: 5_000,
    maxBytes: 1_000,
    ...over,
  })

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  return error instanceof OutboundError ? error.code : `no OutboundError but ${String(error)}`
}

describe('addresses that somebody else named', () => {
  test.each([
    (at: number) => `http://127.0.0.1:${at}/`,
    (at: number) => `http://localhost:${at}/`,
    (at: number) => `https://localhost:${at}/`,
    (at: number) => `http://2130706433:${at}/`,
    (at: number) => `http://0x7f.1:${at}/`,
    (at: number) => `http://0:${at}/`,
    (at: number) => `http://[::1]:${at}/`,
    (at: number) => `http://[::ffff:127.0.0.1]:${at}/`,
    () => 'http://169.254.169.254/latest/meta-data/',
    () => 'https://10.0.0.1/',
  ])('are not connected to inside: %s', async (url) => {
    expect(await codeOf(get({ url: url(port), reach: 'public' }))).toBe('forbidden-address')
    expect(connections).toBe(0)
  })

  test('a name with one private address among public ones is refused after its lookup', async () => {
    await door.close()
    const asked: string[] = []
    door = new OutboundDoor({
      clock,
      resolve: (name, done) => {
        asked.push(name)
        done(null, [
          { address: '93.184.215.14', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ])
      },
    })
    const url = `http://rebind.example:${port}/`
    expect(await codeOf(get({ url, reach: 'public' }))).toBe('forbidden-address')
    expect(asked).toEqual(['rebind.example'])
    expect(connections).toBe(0)
  })

  test('a name without an address, or that cannot be looked up, is refused', async () => {
    await door.close()
    door = new OutboundDoor({
      clock,
      resolve: (name, done) => (name === 'empty.example' ? done(null, []) : done(new Error('no'), undefined)),
    })
    expect(await codeOf(get({ url: 'http://empty.example/', reach: 'public' }))).toBe('forbidden-address')
    expect(await codeOf(get({ url: 'http://none.example/', reach: 'public' }))).toBe('unreachable')
  })

  test('an error tells nothing of what is inside', async () => {
    const error: unknown = await get({ reach: 'public' }).catch((thrown: unknown) => thrown)
    expect(String(error)).not.toMatch(/127|secret|\d{4,}/)
  })
})

describe('addresses from the configuration', () => {
  test('may be private', async () => {
    expect(await get()).toEqual({ status: 200, body: Buffer.from('secret of the inside') })
  })

  test.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:,x', 'nonsense', 'http://u:p@127.0.0.1/'])(
    '%s is none',
    async (url) => {
      expect(await codeOf(get({ url }))).toBe('bad-address')
      expect(await codeOf(get({ url, reach: 'public' }))).toBe('bad-address')
    },
  )

  test('redirects are answered, not followed', async () => {
    answer = (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()
    expect(await get()).toMatchObject({ status: 302 })
    expect(requests).toBe(1)
  })

  test('a body over the limit ends the connection', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    answer = (_request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve))
      const more = (): void => {
        while (response.write('x'.repeat(500)));
        response.once('drain', more)
      }
      more()
    }
    expect(await codeOf(get())).toBe('too-large')
    await closed
  })

  test('a body of exactly the limit is taken', async () => {
    answer = (_request, response) => response.end('x'.repeat(1_000))
    expect((await get()).body).toHaveLength(1_000)
  })

  test('silence and dripping both end with the time', async () => {
    for (const begin of [false, true]) {
      const arrived = new Promise<void>((resolve) => {
        answer = (_request, response) => {
          if (begin) response.write('x')
          resolve()
        }
      })
      const got = codeOf(get())
      await arrived
      await clock.advanceAsync(5_000)
      expect(await got).toBe('timeout')
    }
  })

  test('a closed port and a broken answer are unreachable', async () => {
    answer = (request) => request.socket.destroy()
    expect(await codeOf(get())).toBe('unreachable')
    expect(await codeOf(get({ url: 'http://127.0.0.1:1/' }))).toBe('unreachable')
  })
})
