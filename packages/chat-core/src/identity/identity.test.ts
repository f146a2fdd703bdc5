import { describe, expect, it } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage } from '../history/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { slowStorage } from '../testing/slow-storage.js'
import { createIdentity } from './index.js'

/** @param takesMs how long storage takes for a call, in milliseconds; null for one that answers at once */
function scene(takesMs: number | null = null) {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform })
  const memory = createMemoryStorage()
  const storage = takesMs === null ? memory : slowStorage(platform, memory, takesMs)
  /** As whom each question came to the server. */
  const askers: (string | undefined)[] = []
  const fetch: typeof globalThis.fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    const headers = new Headers(init?.headers)
    const token = headers.get('authorization')?.replace('Bearer ', '') ?? ''
    if (pathname.endsWith('/messages')) askers.push(proxy.owners.get(token))
    const user = userOf(token)
    if (user !== null) headers.set('authorization', `Bearer user:${user}`)
    return proxy.fetch(input, { ...init, headers })
  }
  const open = () =>
    createChatClient({
      baseUrl: 'https://chat.test',
      fetch,
      platform,
      parts: { identity: createIdentity(), history: createHistory({ storage }) },
    })
  const starts = (): number => proxy.requests.filter((request) => request === 'POST /chat/start').length
  const settled = async (task: Promise<unknown>): Promise<void> => {
    await platform.settle()
    await task
  }
  /** An earlier page, on which a user asked something. */
  const annWasHere = async (): Promise<void> => {
    const page = open()
    void page.identity.identify('user:ann')
    await settled(page.send('A secret'))
    page.destroy()
  }
  const kept = async (): Promise<number> => (await memory.list('conversations')).length
  return { platform, proxy, open, starts, settled, annWasHere, kept, askers }
}

/** A JWT as a site makes it, signed by nobody. @param user as the server names them */
const jwt = (sub: string, user = sub): string =>
  ['{"alg":"HS256"}', JSON.stringify({ name: 'Zoë ÿ~>?', sub, user }), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')

function userOf(token: string): string | null {
  const [, claims] = token.split('.')
  if (claims === undefined) return null
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { user: string }).user
}

type Client = ReturnType<ReturnType<typeof scene>['open']>

const owner = (client: Client): string | undefined => client.getSnapshot().session?.visitorId
const questions = (client: Client): string[] =>
  client.getSnapshot().messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))

/** How long storage takes for a call, in milliseconds; null for one that answers at once. */
const SPEEDS = [null, 0, 50]

describe('an identity', () => {
  describe.each(SPEEDS)('of a JWT, while the server is away (%s)', (takesMs) => {
    it.each([
      ['bob', []],
      ['ann', ['A secret']],
    ])('shows %s nothing that is not theirs', async (user, shown) => {
      const { open, settled, kept, annWasHere, proxy } = scene(takesMs)
      await annWasHere()
      proxy.fault = () => ({ kind: 'refuse' })
      const page = open()
      void page.identity.identify(jwt(user))
      await settled(page.start())
      expect([questions(page), await kept()]).toEqual([shown, shown.length])
      expect(page.getSnapshot().conversations.length).toBe(shown.length)
    })

    it('shows nothing of the one before on the same page, and asks as who is here once it is back', async () => {
      const { open, settled, askers, proxy, platform } = scene(takesMs)
      const page = open()
      void page.identity.identify(jwt('ann'))
      await settled(page.send('A secret'))
      proxy.fault = () => ({ kind: 'refuse' })
      void page.identity.identify(jwt('ann'))
      await platform.settle()
      expect(questions(page)).toEqual(['A secret'])
      void page.identity.identify(jwt('bob'))
      expect(questions(page)).toEqual([])
      await platform.settle()
      proxy.fault = () => null
      await settled(page.send('Hello'))
      expect([questions(page), owner(page), askers]).toEqual([['Hello'], 'u_bob', ['u_ann', 'u_bob']])
    })
  })

  it.each(['user:ann', jwt('änn'), 'a.b.c'])(
    'of a token that a page cannot tell, such as %s, waits for what the server says',
    async (token) => {
      const { open, settled, annWasHere, proxy } = scene()
      await annWasHere()
      proxy.fault = () => ({ kind: 'refuse' })
      const page = open()
      void page.identity.identify(token)
      await settled(page.start())
      expect(questions(page)).toEqual(['A secret'])
    },
  )

  it('is believed where a server names its users in another way', async () => {
    const { open, settled, starts, kept } = scene()
    const page = open()
    void page.identity.identify(jwt('ann', '4711'))
    await settled(page.send('Hello'))
    expect([owner(page), questions(page), starts(), await kept()]).toEqual(['u_4711', ['Hello'], 1, 1])
  })

  it('asks nothing of the server before somebody wants to chat, and is the first to be asked then', async () => {
    const { open, starts, settled } = scene()
    const client = open()
    await settled(client.identity.identify('user:ann'))
    expect(starts()).toBe(0)
    await settled(client.start())
    expect([owner(client), starts()]).toEqual(['u_ann', 1])
  })

  it('takes the conversations of the visitor along', async () => {
    const { open, proxy, settled, kept } = scene()
    const client = open()
    await settled(client.send('Hello'))
    await settled(client.identity.identify('user:ann'))
    expect([owner(client), questions(client), await kept()]).toEqual(['u_ann', ['Hello'], 1])
    expect(proxy.joined).toEqual([['token-1', 'u_ann']])
  })

  it('is the same after a reload: nothing is wiped', async () => {
    const { open, settled, kept } = scene()
    const first = open()
    void first.identity.identify('user:ann')
    await settled(first.send('Hello'))
    first.destroy()
    const second = open()
    void second.identity.identify('user:ann')
    await settled(second.start())
    expect([owner(second), questions(second), await kept()]).toEqual(['u_ann', ['Hello'], 1])
  })

  it('wipes what another user left, also when the page was closed in between', async () => {
    for (const reload of [false, true]) {
      const { open, settled, kept } = scene()
      const first = open()
      void first.identity.identify('user:ann')
      await settled(first.send('A secret'))
      const second = reload ? open() : first
      await settled(second.identity.identify('user:bob'))
      await settled(second.start())
      expect([owner(second), questions(second), await kept()]).toEqual(['u_bob', [], 0])
      second.destroy()
      const third = open()
      void third.identity.identify('user:bob')
      await settled(third.start())
      expect(owner(third)).toBe('u_bob')
    }
  })

  it('ends with null: the next one is a new visitor, and finds nothing', async () => {
    const { open, settled, kept } = scene()
    const client = open()
    void client.identity.identify('user:ann')
    await settled(client.send('A secret'))
    await settled(client.identity.identify(null))
    expect([owner(client)?.slice(0, 2), questions(client), await kept()]).toEqual(['v_', [], 0])
  })

  it.each(SPEEDS)(
    'that ended before somebody asks leaves the question to who is here now (%s)',
    async (takesMs) => {
      const { open, settled, kept, proxy, annWasHere } = scene(takesMs)
      await annWasHere()
      const second = open()
      void second.identity.identify(null)
      void second.start()
      const asked = second.send('Hello')
      await settled(asked)
      expect(await asked).toMatchObject({ status: 'done' })
      expect([owner(second)?.slice(0, 2), questions(second), await kept()]).toEqual(['v_', ['Hello'], 1])
      expect(proxy.generations).toBe(2)
    },
  )

  it.each(SPEEDS)('that ends after somebody asked takes the question along (%s)', async (takesMs) => {
    const { open, settled, proxy, annWasHere } = scene(takesMs)
    await annWasHere()
    const second = open()
    void second.start()
    const refused = expect(second.send('Another')).rejects.toMatchObject({ code: 'aborted' })
    void second.identity.identify(null)
    await settled(refused)
    expect([owner(second)?.slice(0, 2), questions(second), proxy.generations]).toEqual(['v_', [], 1])
  })

  describe.each(SPEEDS)(
    'that is named before somebody asks, where another user was here last (%s)',
    (takesMs) => {
      it.each([
        [null, false, 'v_'],
        [null, true, 'v_'],
        ['user:bob', false, 'u_bob'],
        ['user:bob', true, 'u_bob'],
      ])('asks as %s, whether the chat was started or not (%s)', async (next, isStarted, who) => {
        const { open, settled, kept, askers, annWasHere } = scene(takesMs)
        await annWasHere()
        const second = open()
        if (isStarted) void second.start()
        void second.identity.identify(next)
        const asked = second.send('Hello')
        await settled(asked)
        expect(await asked).toMatchObject({ status: 'done' })
        expect(questions(second)).toEqual(['Hello'])
        expect([owner(second)?.startsWith(who), await kept()]).toEqual([true, 1])
        expect(askers).toEqual(['u_ann', owner(second)])
      })
    },
  )

  it('that follows another one on the same page asks what is sent behind it, once', async () => {
    const { open, settled, askers, annWasHere, proxy } = scene()
    await annWasHere()
    const page = open()
    void page.identity.identify('user:ann')
    await settled(page.start())
    expect(questions(page)).toEqual(['A secret'])
    void page.identity.identify('user:bob')
    const asked = page.send('Hello')
    await settled(asked)
    expect(await asked).toMatchObject({ status: 'done' })
    expect([questions(page), askers.at(-1), proxy.generations]).toEqual([['Hello'], 'u_bob', 2])
  })

  it.each([
    [null, /^v_/],
    ['user:bob', /^u_bob$/],
  ])('that %s follows while an earlier page is taken up leaves nothing to be found', async (next, who) => {
    for (const moment of [0, 1, 2, 3, 5, 8, 13]) {
      const { open, platform, settled, kept, annWasHere } = scene(2)
      await annWasHere()
      const second = open()
      void second.start()
      await platform.advance(moment)
      void second.identity.identify(next)
      await settled(second.start())
      expect(owner(second), `${moment} ms`).toMatch(who)
      expect([questions(second), await kept()], `${moment} ms`).toEqual([[], 0])
    }
  })

  it('that ended leaves nothing to be found where something else than a start is asked for first', async () => {
    const { open, settled, kept, annWasHere } = scene()
    await annWasHere()
    const second = open()
    void second.identity.identify(null)
    await settled(second.history.list())
    await settled(second.start())
    expect([owner(second)?.slice(0, 2), questions(second), await kept()]).toEqual(['v_', [], 0])
  })

  it('takes the conversations of the visitor along, however late storage tells of them', async () => {
    const { open, proxy, settled } = scene(50)
    const first = open()
    await settled(first.send('Hello'))
    first.destroy()
    const second = open()
    void second.start()
    await settled(second.identity.identify('user:ann'))
    expect([owner(second), questions(second)]).toEqual(['u_ann', ['Hello']])
    expect(proxy.joined).toEqual([['token-1', 'u_ann']])
  })

  it('that is named while another one is being asked for is who asks', async () => {
    const { open, settled, askers } = scene()
    const client = open()
    await settled(client.send('Hello'))
    void client.identity.identify('user:ann')
    void client.identity.identify('user:bob')
    const asked = client.send('More')
    await settled(asked)
    expect(await asked).toMatchObject({ status: 'done' })
    expect([owner(client), askers]).toEqual(['u_bob', ['v_1', 'u_bob']])
  })

  it.each(['no\njwt', 'jeton é', '\ud800', ''])(
    'that no header can hold, as %j, is an error of its own',
    async (token) => {
      const { open, starts, settled } = scene()
      const client = open()
      await settled(client.start())
      await settled(client.identity.identify(token))
      expect(client.getSnapshot().error).toMatchObject({ code: 'auth', retryable: false })
      expect(starts()).toBe(1)
    },
  )

  it('that is not good is an error, and nobody becomes a visitor by it', async () => {
    const { open, settled } = scene()
    const client = open()
    void client.identity.identify('user:')
    await settled(client.start())
    expect([client.getSnapshot().error?.code, owner(client)]).toEqual(['auth', undefined])
    await settled(client.identity.identify('user:ann'))
    expect(owner(client)).toBe('u_ann')
  })
})
