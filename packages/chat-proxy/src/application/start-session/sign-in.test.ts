import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HostCaller } from '../../domain/identity.js'
import { tenantOf } from '../../domain/tenant.js'
import { HOST_IDENTITY, hostToken, type HostClaims } from '../testing/host-site.js'
import { ListedTenants } from '../testing/listed-tenants.js'
import { createWorld, type World } from '../testing/test-world.js'
import type { StartSessionInput } from './start-session.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let world: World
beforeEach(async () => {
  const acme = tenantOf({ id: 'acme', publishableKeys: [{ key: 'pk_acme', expiresAt: null }] })
  world = await createWorld({
    tenants: new ListedTenants(tenantOf({ id: 'default' }), acme),
    identity: HOST_IDENTITY,
  })
})
afterEach(() => world.close())

const start = (input: Partial<StartSessionInput> = {}) =>
  world.useCases.startSession.execute({
    publishableKey: null,
    tenantId: null,
    token: null,
    visitorToken: null,
    origin: null,
    host: null,
    network: null,
    ...input,
  })
const signed = (claims: Partial<HostClaims> = {}) =>
  hostToken({ sub: '42', expiresAt: world.clock.now() + DAY, ...claims })
const identify = (token: string) => world.useCases.identifyCaller.execute({ token, tenantId: null })
const titles = async (token: string): Promise<string[]> => {
  const page = await world.useCases.listConversations.execute(await identify(token), { page: 1, pageSize: 9 })
  return page.conversations.map(({ title }) => title).toSorted()
}
const create = async (token: string, title: string): Promise<void> => {
  await world.useCases.createConversation.execute(await identify(token), { title })
}
const host = (caller: HostCaller) => ({ askHost: () => Promise.resolve(caller) })

describe('a user', () => {
  test('gets a session of their own, which is good for every call', async () => {
    const { token, caller } = await start({ token: await signed({ roles: ['helper'] }) })
    expect(caller).toEqual({ tenantId: 'default', subject: 'u_42', kind: 'user', role: 'agent' })
    expect(await identify(token)).toEqual(caller)
  })

  test('has the same history with the session, with the identity token and through the host', async () => {
    const { token } = await start({ token: await signed() })
    await create(token, 'from a session')
    await create(await signed(), 'from an identity token')
    const other = await start(host({ userId: '42' }))
    expect(await titles(other.token)).toEqual(['from a session', 'from an identity token'])
  })

  test('has a session no longer than what was proved', async () => {
    const now = world.clock.now()
    expect((await start({ token: await signed() })).expiresAt).toBe(now + HOUR)
    const short = await start({ token: await signed({ expiresAt: now + 60_000 }) })
    expect(short.expiresAt).toBe(now + 60_000)
    expect((await start({ token: short.token })).expiresAt).toBe(now + 60_000)
    world.clock.advance(60_000)
    await expect(start({ token: short.token })).rejects.toMatchObject({ code: 'token-expired' })
    world.clock.advance(30_000)
    await expect(identify(short.token)).rejects.toMatchObject({ code: 'token-expired' })
  })

  test('whose proof is not good is told so, and is not made a visitor', async () => {
    const old = await signed({ expiresAt: world.clock.now() - 31_000 })
    await expect(start({ token: old })).rejects.toMatchObject({ code: 'token-expired' })
    const token = await signed()
    await expect(start({ token: `${token.slice(0, -4)}AAAA` })).rejects.toMatchObject({
      code: 'not-authenticated',
    })
  })

  test('belongs to the tenant of the key only when the token says so', async () => {
    const key = { publishableKey: 'pk_acme' }
    await expect(start({ token: await signed(), ...key })).rejects.toMatchObject({ code: 'not-allowed' })
    const both = { token: await signed({ tenants: ['default', 'acme'] }) }
    expect((await start({ ...both, ...key })).tenant.id).toBe('acme')
    expect((await start({ ...both, tenantId: 'acme' })).tenant.id).toBe('acme')
    await expect(start(both)).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(start({ ...both, ...key, tenantId: 'default' })).rejects.toMatchObject({
      code: 'not-allowed',
    })
  })

  test('needs no key, because the token names the tenant', async () => {
    expect((await start({ token: await signed({ tenants: 'acme' }) })).tenant.id).toBe('acme')
    await expect(start({ token: await signed({ tenants: 'gone' }) })).rejects.toMatchObject({
      code: 'not-authenticated',
    })
  })
})

describe('signing in', () => {
  const events = async () =>
    (await world.database.kysely.selectFrom('events').selectAll().execute()).filter(
      ({ type }) => type === 'conversation.joined',
    )

  test('brings along what was asked before', async () => {
    const visitor = await start()
    await create(visitor.token, 'before')
    const user = await start({ token: await signed(), visitorToken: visitor.token })
    expect(await titles(user.token)).toEqual(['before'])
    expect(await titles(visitor.token)).toEqual([])
    expect(await events()).toMatchObject([
      { actor: 'u_42', data: JSON.stringify({ visitor_id: visitor.caller.subject }) },
    ])
  })

  test('can be done again and on other devices', async () => {
    const [laptop, phone] = [await start(), await start()]
    await create(laptop.token, 'laptop')
    await create(phone.token, 'phone')
    for (const visitor of [laptop, laptop, phone])
      await start({ token: await signed(), visitorToken: visitor.token })
    expect(await titles(await signed())).toEqual(['laptop', 'phone'])
    expect(await events()).toHaveLength(2)
  })

  test('works through the host, with the visitor’s token where it always is', async () => {
    const visitor = await start()
    await create(visitor.token, 'before')
    const user = await start({ token: visitor.token, ...host({ userId: '42' }) })
    expect(user.caller.kind).toBe('user')
    expect(await titles(user.token)).toEqual(['before'])
  })

  test('takes an older visitor’s token as long as it can be renewed, and no longer', async () => {
    const visitor = await start()
    await create(visitor.token, 'before')
    world.clock.advance(HOUR + 90 * DAY)
    const late = await start({ token: await signed(), visitorToken: visitor.token })
    expect(await titles(late.token)).toEqual([])
    expect(await events()).toEqual([])
    const other = await start()
    await create(other.token, 'again')
    world.clock.advance(HOUR + 90 * DAY - 1)
    const inTime = await start({ token: await signed(), visitorToken: other.token })
    expect(await titles(inTime.token)).toEqual(['again'])
  })

  test('joins nothing without proof of a user', async () => {
    const [victim, other] = [await start(), await start()]
    await create(victim.token, 'mine')
    const again = await start({ token: other.token, visitorToken: victim.token })
    expect(again.caller).toEqual(other.caller)
    expect(await titles(victim.token)).toEqual(['mine'])
    const token = await signed()
    await expect(
      start({ token: `${token.slice(0, -4)}AAAA`, visitorToken: victim.token }),
    ).rejects.toMatchObject({ code: 'not-authenticated' })
    expect(await titles(victim.token)).toEqual(['mine'])
  })

  test('joins nothing of another user, of another tenant, or of a token that is not good', async () => {
    const user = await start({ token: await signed({ sub: '7' }) })
    await create(user.token, 'of user 7')
    const acme = await start({ publishableKey: 'pk_acme' })
    await create(acme.token, 'of acme')
    const visitor = await start()
    await create(visitor.token, 'of a visitor')
    const forged = `${visitor.token.slice(0, -4)}AAAA`
    for (const visitorToken of [user.token, await signed({ sub: '7' }), acme.token, forged, 'abc', '']) {
      const started = await start({ token: await signed(), visitorToken })
      expect(started.caller.subject).toBe('u_42')
      expect(await titles(started.token)).toEqual([])
    }
    expect(await titles(user.token)).toEqual(['of user 7'])
    expect(await titles(acme.token)).toEqual(['of acme'])
    expect(await titles(visitor.token)).toEqual(['of a visitor'])
  })

  test('in the middle of an answer loses none of it, and a repeated question attaches to it', async () => {
    const visitor = await start()
    await world.conversation('c_00001', visitor.caller)
    const question = { conversationId: 'c_00001', content: 'Hello?', runId: 'run_01' }
    const { run } = await world.useCases.sendMessage.execute(visitor.caller, question)
    const call = await world.model.nextCall()
    call.say('Hel')
    const { caller } = await start({ token: await signed(), visitorToken: visitor.token })
    const again = await world.useCases.sendMessage.execute(caller, question)
    expect(again.run.id).toBe(run.id)
    call.say('lo.').end()
    expect(await world.ended(run.id, caller)).toMatchObject({ content: 'Hello.', status: 'completed' })
    expect(world.model.calls).toHaveLength(1)
  })

  test('leaves everything as it was when the store fails', async () => {
    const visitor = await start()
    await create(visitor.token, 'before')
    const broken = world.boot({
      conversations: Object.create(world.ports.conversations, {
        join: { value: () => Promise.reject(new Error('away')) },
      }) as typeof world.ports.conversations,
    })
    const input = { publishableKey: null, tenantId: null, origin: null, host: null, network: null }
    await expect(
      broken.useCases.startSession.execute({
        ...input,
        token: await signed(),
        visitorToken: visitor.token,
      }),
    ).rejects.toThrow('away')
    expect(await titles(visitor.token)).toEqual(['before'])
  })
})
