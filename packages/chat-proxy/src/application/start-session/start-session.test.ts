import { afterEach, expect, test } from 'vitest'
import { createWorld, type World, type WorldOptions } from '../testing/test-world.js'
import type { StartSessionInput } from './start-session.js'

let world: World
afterEach(() => world.close())

const build = async (options?: WorldOptions): Promise<void> => {
  world = await createWorld(options)
}

const start = (input: Partial<StartSessionInput> = {}) =>
  world.useCases.startSession.execute({
    publishableKey: null,
    token: null,
    visitorToken: null,
    tenantId: null,
    origin: null,
    host: null,
    network: null,
    ...input,
  })

test('a token opens the door for the visitor it was made for', async () => {
  await build()
  const { token, caller } = await start()
  expect(await world.useCases.identifyCaller.execute({ token, tenantId: null })).toEqual(caller)
})

test('everybody new is somebody else', async () => {
  await build()
  expect((await start()).caller.subject).not.toBe((await start()).caller.subject)
})

test('an old token brings its visitor back, also when it has expired', async () => {
  await build()
  const first = await start()
  world.clock.advance(2 * 3_600_000)
  await expect(
    world.useCases.identifyCaller.execute({ token: first.token, tenantId: null }),
  ).rejects.toMatchObject({
    code: 'token-expired',
  })
  const second = await start({ token: first.token })
  expect(second.caller.subject).toBe(first.caller.subject)
  expect(second.token).not.toBe(first.token)
})

test('a token that was never ours makes a new visitor', async () => {
  await build()
  expect((await start({ token: 'abc.def.ghi' })).caller.subject).toMatch(/^v_/)
})

test('a configured key is needed, and only that one', async () => {
  await build({ tenant: { publishableKeys: [{ key: 'pk_site', expiresAt: null }] } })
  await expect(start()).rejects.toMatchObject({ code: 'not-authenticated' })
  await expect(start({ publishableKey: 'pk_other' })).rejects.toMatchObject({ code: 'not-authenticated' })
  await expect(start({ publishableKey: 'pk_site' })).resolves.toBeDefined()
})

test('the tenant of a token cannot be changed by a header', async () => {
  await build()
  const { token } = await start()
  const identify = (tenantId: string) => world.useCases.identifyCaller.execute({ token, tenantId })
  await expect(identify('default')).resolves.toBeDefined()
  await expect(identify('acme')).rejects.toMatchObject({ code: 'not-allowed' })
})

test.each([
  ['http://localhost', true],
  ['http://localhost:5173', true],
  ['https://127.0.0.1:8443', true],
  ['http://[::1]:3000', true],
  ['https://chat.example.com', true],
  ['https://shop.example.com', true],
  ['https://shop.example.com:444', false],
  ['http://shop.example.com', false],
  ['https://evil.example', false],
  ['https://localhost.evil.example', false],
  ['https://shop.example.com.evil.example', false],
  ['https://evil.example/https://shop.example.com', false],
  ['null', false],
  ['', false],
  ['file://', false],
  ['chrome-extension://localhost', false],
  ['http://user@localhost', false],
])('origin %s', async (origin, allowed) => {
  await build({ tenant: { allowedOrigins: ['https://shop.example.com'] } })
  const started = start({ origin, host: 'chat.example.com' })
  if (allowed) await expect(started).resolves.toBeDefined()
  else await expect(started).rejects.toMatchObject({ code: 'not-allowed' })
})
