import express, { type Request } from 'express'
import { afterEach, expect, test } from 'vitest'
import type { HostCaller } from '../../domain/identity.js'
import { expectError } from './testing/expect-error.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'
import type { Authenticate } from './routing/ask-host.js'

let world: HttpWorld
afterEach(() => world.close())

const build = async (authenticate: Authenticate): Promise<void> => {
  world = await createHttpWorld({ authenticate })
}

/** A host whose users have a cookie. */
const byCookie = (request: Request): HostCaller | null => {
  const [, userId] = /(?:^|; )user=(\w+)/.exec(request.headers.cookie ?? '') ?? []
  return userId === undefined ? null : { userId }
}

const PATH = '/api/v1/conversations'
const asUser = (userId: string) => ({ token: null, headers: { cookie: `user=${userId}` } })

test('the application knows who is calling, and each sees their own', async () => {
  await build(byCookie)
  const created = await world.call(PATH, { method: 'POST', body: { id: 'c_00001' }, ...asUser('ann') })
  expect(created.status).toBe(201)
  expect((await world.call(`${PATH}/c_00001`, asUser('ann'))).status).toBe(200)
  expectError(await world.call(`${PATH}/c_00001`, asUser('bob')), 'NotFoundError')
  expectError(await world.call(`${PATH}/c_00001`, { token: null }), 'AuthenticationError')
})

test('a user’s session of the chat comes first, and the application is not asked', async () => {
  let asked = 0
  await build((request) => {
    asked += 1
    return byCookie(request)
  })
  const headers = { cookie: 'user=ann' }
  const { token } = (await world.call('/api/v1/chat/start', { method: 'POST', token: null, headers })).json()
  expect(asked).toBe(1)
  expect((await world.call(PATH, { token: String(token) })).status).toBe(200)
  expect(asked).toBe(1)
  expectError(await world.call(PATH, { token: 'opaque' }), 'AuthenticationError')
  expect(asked).toBe(2)
})

test('a visitor’s session is one until the application knows a user', async () => {
  await build(byCookie)
  expect((await world.call(PATH)).status).toBe(200)
  expectError(await world.call(PATH, { headers: { cookie: 'user=ann' } }), 'AuthenticationError')
})

test('a visitor who turns out to be a user keeps their conversations', async () => {
  await build(byCookie)
  await world.call(PATH, { method: 'POST', body: { id: 'c_00001' } })
  const headers = { cookie: 'user=ann' }
  const answer = await world.call('/api/v1/chat/start', { method: 'POST', headers })
  expect(answer.json()).toMatchObject({ visitor_id: 'u_ann' })
  const token = String(answer.json()['token'])
  expect((await world.call(`${PATH}/c_00001`, { token })).status).toBe(200)
  expectError(await world.call(`${PATH}/c_00001`), 'NotFoundError')
})

test.each([
  ['throws', () => Promise.reject(new Error('the session store of the host, postgres://secret, is away'))],
  [
    'throws at once',
    () => {
      throw new Error('postgres://secret')
    },
  ],
])('an application that %s makes nobody anonymous', async (_name, authenticate) => {
  await build(authenticate)
  for (const [method, path] of [
    ['GET', PATH],
    ['POST', '/api/v1/chat/start'],
  ] as const) {
    const answer = await world.call(path, { method, token: null })
    expectError(answer, 'ServiceUnavailableError')
    expect(answer.text).not.toContain('postgres')
  }
  expect(world.logLines.join()).not.toContain('postgres')
  expect(world.logLines.join()).toContain('identity-unavailable')
})

test('an application that never answers is not waited for longer than ten seconds', async () => {
  let wasAsked = (): void => {}
  const asked = new Promise<void>((resolve) => (wasAsked = resolve))
  await build(() => {
    wasAsked()
    return new Promise(() => {})
  })
  const pending = world.call(PATH, { token: null })
  await asked
  await world.clock.advanceAsync(10_000)
  const answer = await pending
  expect(answer.status).toBe(503)
  expect(answer.headers['retry-after']).toBe('5')
})

test('an application without types that answers nothing knows nobody; nonsense is its fault', async () => {
  await build((() => undefined) as unknown as Authenticate)
  expectError(await world.call(PATH, { token: null }), 'AuthenticationError')
  await world.close()
  await build((() => ({ userId: 7 })) as unknown as Authenticate)
  expectError(await world.call(PATH, { token: null }), 'InternalError')
})

test('a body that the application has parsed is held to the same', async () => {
  world = await createHttpWorld({ before: express.json() })
  await world.conversation()
  const before = await world.storedRows()
  for (const body of [
    '{"content":"a\\u0000"}',
    '{"content":"\\ud800"}',
    '{"content":"x","more":{"\\udfff":1}}',
  ]) {
    const answer = await world.call(`${PATH}/c_00001/messages`, { method: 'POST', body })
    expectError(answer, 'BadRequestError')
  }
  expect(await world.storedRows()).toBe(before)
  expect(world.model.calls).toHaveLength(0)
})
