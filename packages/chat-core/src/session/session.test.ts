import { describe, expect, it } from 'vitest'
import { ChatError } from '../errors/chat-error.js'
import type { StartResponse } from '../protocol/index.js'
import { DEFAULT_POLICY } from '../run/run-policy.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import type { ChatTransport } from '../transport/chat-transport.js'
import { createSession } from './session.js'

function scene() {
  const platform = createFakePlatform()
  /** The server's own clock, whatever ours is made to say. */
  const serverNow = platform.now
  const asked: (string | null)[] = []
  const script: { refuse: (token: string | null) => ChatError | null } = { refuse: () => null }
  const transport: ChatTransport = {
    origin: 'https://chat.test',
    start: async (token) => {
      asked.push(token)
      const error = script.refuse(token)
      if (error) throw error
      return {
        token: `t${asked.length}`,
        expires_at: new Date(serverNow() + 3_600_000).toISOString(),
        visitor_id: 'v',
        tenant: 'default',
        greeting: '',
        suggestions: [],
        features: { demo: false },
        limits: { max_message_chars: 1, heartbeat_seconds: 10 },
      } satisfies StartResponse
    },
    send: async () => {},
    server: null,
  }
  const { signal } = new AbortController()
  const told: (StartResponse | null)[] = []
  const onChange = (info: StartResponse | null): void => void told.push(info)
  const open = () => createSession({ transport, platform, policy: () => DEFAULT_POLICY, signal, onChange })
  return { platform, asked, told, script, open }
}

describe('a session', () => {
  it('is started once for parallel callers', async () => {
    const { asked, open } = scene()
    const session = open()
    expect(await Promise.all([session.token(), session.token(), session.token(true)])).toEqual([
      't1',
      't1',
      't1',
    ])
    expect(asked).toEqual([null])
  })

  it('does not come back when it ends while it is being renewed: who waits for it goes on as somebody new', async () => {
    const { asked, told, open } = scene()
    const session = open()
    await session.token()
    const renewed = session.token(true)
    session.adopt(null)
    expect(await renewed).toBe('t3')
    expect(asked).toEqual([null, 't1', null])
    expect(told.map((info) => info?.token)).toEqual(['t1', undefined, 't3'])
  })

  it('is renewed with its old token a minute before it ends', async () => {
    const { platform, asked, open } = scene()
    const session = open()
    await session.token()
    await platform.advance(3_600_000 - 60_000 - 1)
    expect(await session.token()).toBe('t1')
    await platform.advance(2)
    expect(await session.token()).toBe('t2')
    expect(asked).toEqual([null, 't1'])
  })

  it('is not begun anew at every call where our clock is a day ahead', async () => {
    const { platform, asked, told, open } = scene()
    const { now } = platform
    const session = open()
    platform.now = () => now() + 86_400_000
    const tokens = [await session.token(), await session.token()]
    expect(Date.parse(told[0]?.expires_at ?? '')).toBeLessThan(platform.now())
    expect([tokens, asked.length]).toEqual([['t1', 't1'], 1])
  })

  it('goes on with the one of an earlier page, unless it has one of its own', async () => {
    const { open, asked, told } = scene()
    await open().token()
    const earlier = told[0] ?? null
    const session = open()
    session.adopt(earlier)
    expect(await session.token()).toBe('t1')
    expect(asked).toHaveLength(1)
    const busy = open()
    await busy.token()
    busy.adopt(earlier)
    expect(await busy.token()).toBe('t2')
  })

  it('begins anew when its old token is good for nothing', async () => {
    const { open, asked, script } = scene()
    const session = open()
    await session.token()
    script.refuse = (token) => (token === null ? null : new ChatError('auth', 'No.', { status: 401 }))
    expect(await session.token(true)).toBe('t3')
    expect(asked).toEqual([null, 't1', null])
  })

  it('does not begin anew when the server is merely away, so that a visitor stays the same', async () => {
    const { open, asked, script } = scene()
    const session = open()
    await session.token()
    script.refuse = () => new ChatError('upstream', 'Away.', { status: 503 })
    await expect(session.token(true)).rejects.toMatchObject({ status: 503 })
    expect(asked).toEqual([null, 't1'])
  })
})
