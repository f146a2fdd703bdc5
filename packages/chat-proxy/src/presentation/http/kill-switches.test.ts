import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOST_IDENTITY, hostToken } from '../../application/testing/host-site.js'
import { ListedTenants } from '../../application/testing/listed-tenants.js'
import { answering } from '../../application/testing/scripted-model.js'
import { ADMIN_TOKEN, type WorldOptions } from '../../application/testing/test-world.js'
import { NO_LIMITS } from '../../domain/limits.js'
import { tenantOf, type TenantFlags } from '../../domain/tenant.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
let made = 0
beforeEach(async () => {
  await open({
    tenants: new ListedTenants(...['default', 'acme'].map((id) => tenantOf({ id, limits: NO_LIMITS }))),
  })
})
afterEach(() => world.close())

async function open(options: WorldOptions): Promise<void> {
  world = await createHttpWorld({ identity: HOST_IDENTITY, ...options })
  await world.conversation()
}
async function reopen(options: WorldOptions): Promise<void> {
  await world.close()
  await open(options)
}

const turn = (body: object) =>
  world.call('/api/v1/admin/kill-switches', { method: 'PUT', token: ADMIN_TOKEN, body })
const send = (runId: string, token?: string) =>
  world.call('/api/v1/conversations/c_00001/messages', {
    method: 'POST',
    body: { content: 'Hello?', run_id: runId },
    ...(token !== undefined && { token }),
  })
const complete = (token?: string) =>
  world.call('/v1/chat/completions', {
    method: 'POST',
    body: { model: 'scripted-1', messages: [{ role: 'user', content: 'Hello?' }] },
    ...(token !== undefined && { token }),
  })
const runId = (): string => `r_${(made += 1).toString().padStart(5, '0')}`
const tokenIn = async (tenantId: string) =>
  (await world.ports.tokens.issue({ tenantId, subject: 'v_1', kind: 'visitor', role: 'visitor' })).token

const DISABLED = { error: 'The chat is switched off', type: 'ServiceUnavailableError', retry_after: 60 }
const TARGETS = [
  { scope: 'installation' },
  { scope: 'tenant', tenant: 'default' },
  { scope: 'model', model: 'scripted-1' },
] as const

test('a completion that was let in just before everything was switched off is not made', async () => {
  let meanwhile = async (): Promise<void> => {}
  await reopen({
    replace: ({ ledger }) => ({
      ledger: {
        async reserve(...asked) {
          await meanwhile()
          return ledger.reserve(...asked)
        },
        extend: (...asked) => ledger.extend(...asked),
        settle: (...asked) => ledger.settle(...asked),
        settleAbandoned: (...asked) => ledger.settleAbandoned(...asked),
        read: (...asked) => ledger.read(...asked),
      },
    }),
  })
  meanwhile = async () => void (await turn({ scope: 'installation', off: true }))
  expect((await complete()).status).toBe(503)
  expect(world.model.calls).toHaveLength(0)
})

describe('a name that is nowhere', () => {
  const slips = [
    [{ scope: 'tenant', tenant: 'acmee' }, 'tenant: there is no "acmee"'],
    [
      { scope: 'model', model: 'scripted' },
      'model: there is no "scripted", so nothing was switched off. There are scripted-1:scripted-1.',
    ],
  ] as const

  test.each(slips)('is not switched off, and told: %j', async (target, told) => {
    const refused = await turn({ ...target, off: true })
    expect(refused.status).toBe(404)
    expect(refused.json()).toMatchObject({ type: 'NotFoundError' })
    expect(refused.json()['detail']).toContain(told)
    const list = await world.call('/api/v1/admin/kill-switches', { token: ADMIN_TOKEN })
    expect(list.json()).toEqual({ kill_switches: [] })
  })

  test('is switched on all the same: it was taken out while it was off', async () => {
    const tenants = new ListedTenants(...['default', 'acme'].map((id) => tenantOf({ id, limits: NO_LIMITS })))
    await reopen({ tenants })
    expect((await turn({ scope: 'tenant', tenant: 'acme', off: true })).status).toBe(200)
    tenants.tenants = tenants.tenants.filter(({ id }) => id !== 'acme')
    const on = await turn({ scope: 'tenant', tenant: 'acme', off: false })
    expect([on.status, on.json()]).toEqual([200, { kill_switches: [] }])
  })

  test('is switched on all the same when it was a model that no provider has any more', async () => {
    const gone = { scope: 'model', model: 'retired' } as const
    await world.ports.killSwitches.turnOff(
      { target: gone, since: 0, reason: '' },
      { tenantId: '', type: 'kill-switch.turned', subjectId: 'retired', actor: 'operator', at: 0, data: {} },
    )
    const on = await turn({ ...gone, off: false })
    expect([on.status, on.json()]).toEqual([200, { kill_switches: [] }])
  })

  test('is not one of a tenant that another process made a moment ago', async () => {
    await reopen({})
    const created = world.boot()
    await created.useCases.manageTenants.save('bolt', { publishable_keys: ['pk_bolt_0123456789abcdef'] })
    expect((await turn({ scope: 'tenant', tenant: 'bolt', off: true })).status).toBe(200)
  })
})

describe.each(TARGETS)('$scope off', (target) => {
  test('refuses new questions at once on every way, calls no model, and takes them again when it is on', async () => {
    expect((await turn({ ...target, off: true, reason: 'budget' })).status).toBe(200)
    const refused = await send(runId())
    expect(refused.status).toBe(503)
    expect(refused.json()).toMatchObject(DISABLED)
    expect((await complete()).status).toBe(503)
    const first = { first_message: 'Hello?' }
    expect((await world.call('/api/v1/conversations', { method: 'POST', body: first })).status).toBe(503)
    expect(world.model.calls).toHaveLength(0)
    await turn({ ...target, off: false })
    world.model.script = answering('Hi!')
    expect((await send(runId())).json()).toMatchObject({ message: { content: 'Hi!' } })
  })

  test('ends what is being answered without any time passing, with its text', async () => {
    const id = runId()
    const answer = send(id)
    const call = await world.model.nextCall()
    call.say('Half an')
    await expect.poll(async () => (await world.call(`/api/v1/runs/${id}`)).text).toContain('Half an')
    await turn({ ...target, off: true })
    expect((await answer).json()).toMatchObject({
      message: {
        content: 'Half an',
        status: 'interrupted',
        error: { code: 'chat_disabled', retryable: false },
      },
    })
    expect(call.signal.aborted).toBe(true)
  })

  test('ends completions', async () => {
    const answer = complete()
    const call = await world.model.nextCall()
    await turn({ ...target, off: true })
    expect((await answer).status).toBe(503)
    expect(call.signal.aborted).toBe(true)
  })

  test('leaves what was written to be read', async () => {
    world.model.script = answering('Hi!')
    await send(runId())
    await turn({ ...target, off: true })
    expect((await world.call('/api/v1/conversations/c_00001')).text).toContain('Hi!')
  })

  test('is off in a process that shares the database alone when it has looked', async () => {
    const other = world.boot()
    await other.useCases.watchControl.start()
    const id = runId()
    await other.useCases.sendMessage.execute(world.alice, {
      conversationId: 'c_00001',
      content: 'Hello?',
      runId: id,
    })
    const call = await world.model.nextCall()
    await turn({ ...target, off: true })
    expect(call.signal.aborted).toBe(false)
    await world.clock.advanceAsync(1_000)
    expect(call.signal.aborted).toBe(true)
    const again = other.useCases.sendMessage.execute(world.alice, {
      conversationId: 'c_00001',
      content: 'And now?',
    })
    await expect(again).rejects.toMatchObject({ code: 'chat-disabled' })
    await other.useCases.watchControl.stop()
  })

  test('is off in a process that is told, before it looks', async () => {
    const other = world.boot({ controlSignals: world.ports.controlSignals })
    await other.useCases.watchControl.start()
    const id = runId()
    await other.useCases.sendMessage.execute(world.alice, {
      conversationId: 'c_00001',
      content: 'Hello?',
      runId: id,
    })
    const call = await world.model.nextCall()
    await turn({ ...target, off: true })
    await world.clock.advanceAsync(0)
    expect(call.signal.aborted).toBe(true)
    await other.useCases.watchControl.stop()
  })

  test('is off in a process that starts later', async () => {
    await turn({ ...target, off: true })
    const later = world.boot()
    await later.useCases.watchControl.start()
    const asked = later.useCases.sendMessage.execute(world.alice, {
      conversationId: 'c_00001',
      content: 'Hello?',
    })
    await expect(asked).rejects.toMatchObject({ code: 'chat-disabled' })
    await later.useCases.watchControl.stop()
  })
})

test('other tenants go on', async () => {
  world.model.script = answering('Hi!')
  const token = await tokenIn('acme')
  await turn({ scope: 'tenant', tenant: 'default', off: true })
  expect((await complete()).status).toBe(503)
  expect((await complete(token)).status).toBe(200)
})

test('an answer that is thrown out while it waits for its turn ends as well', async () => {
  await reopen({ settings: { load: { maxRuns: 1, maxQueued: 5 } } })
  const first = send(runId())
  await world.model.nextCall()
  const waiting = send(runId())
  await expect.poll(() => world.useCases.queue.waiting).toBe(1)
  await turn({ scope: 'installation', off: true })
  for (const answer of [await first, await waiting])
    expect(answer.json()).toMatchObject({
      message: { status: 'interrupted', error: { code: 'chat_disabled' } },
    })
  expect(world.model.calls).toHaveLength(1)
})

test('what is off is listed, and every turn is in the audit log', async () => {
  for (const target of TARGETS) await turn({ ...target, off: true, reason: 'because' })
  const listed = await world.call('/api/v1/admin/kill-switches', { token: ADMIN_TOKEN })
  expect(listed.json()).toEqual({
    kill_switches: TARGETS.map((target) => ({ ...target, since: expect.any(String), reason: 'because' })),
  })
  await turn({ scope: 'tenant', tenant: 'default', off: false })
  const rows = await world.database.kysely
    .selectFrom('events')
    .select(['tenant_id', 'subject_id', 'actor', 'data'])
    .where('type', '=', 'kill-switch.turned')
    .orderBy('tenant_id')
    .orderBy('seq')
    .execute()
  const row = (tenant_id: string, subject_id: string, data: object) => ({
    tenant_id,
    subject_id,
    actor: 'operator',
    data: JSON.stringify(data),
  })
  expect(rows).toEqual([
    row('', 'installation', { scope: 'installation', off: true, reason: 'because' }),
    row('', 'scripted-1', { scope: 'model', off: true, reason: 'because' }),
    row('default', 'tenant', { scope: 'tenant', off: true, reason: 'because' }),
    row('default', 'tenant', { scope: 'tenant', off: false }),
  ])
})

test('a target that is none is refused', async () => {
  for (const body of [
    {},
    { scope: 'world', off: true },
    { scope: 'tenant', off: true },
    { scope: 'model', model: 'x' },
  ])
    expect((await turn(body)).status).toBe(400)
})

describe('who gets the chat', () => {
  const start = async () => {
    const answer = await world.call('/api/v1/chat/start', { method: 'POST', token: null })
    const { token, features } = answer.json()
    return { token: String(token), features }
  }
  const flags = (over: Partial<TenantFlags>) => ({
    tenant: {
      limits: NO_LIMITS,
      flags: { chatEnabled: true, rolloutPercent: 100, adminOnly: false, ...over },
    },
  })
  const asAdmin = () => hostToken({ sub: '42', roles: ['boss'], expiresAt: world.clock.now() + 60_000 })

  test('everybody, when nothing is said', async () => {
    expect((await start()).features).toEqual({ demo: false, chat: true })
  })

  test.each<[string, Partial<WorldOptions>]>([
    ['the installation', { settings: { isChatEnabled: false } }],
    ['the tenant', flags({ chatEnabled: false })],
  ])('nobody, when %s has it off', async (_name, options) => {
    await reopen(options)
    const { token, features } = await start()
    expect(features).toMatchObject({ chat: false })
    for (const one of [token, await asAdmin()]) {
      const refused = await complete(one)
      expect(refused.status).toBe(503)
    }
    expect((await send(runId())).json()).toMatchObject(DISABLED)
  })

  test.each([flags({ adminOnly: true }), flags({ rolloutPercent: 0 })])(
    'admins alone: %j',
    async (options) => {
      await reopen(options)
      world.model.script = answering('Hi!')
      const { token, features } = await start()
      expect(features).toMatchObject({ chat: false })
      const refused = await complete(token)
      expect(refused.status).toBe(403)
      expect(refused.headers).not.toHaveProperty('retry-after')
      expect((await complete(await asAdmin())).status).toBe(200)
    },
  )

  test('a share: who is out stays out with the same token, and who is in gets answers', async () => {
    await reopen(flags({ rolloutPercent: 50 }))
    world.model.script = answering('Hi!')
    const started = await Promise.all(Array.from({ length: 40 }, start))
    const isIn = ({ features }: (typeof started)[number]) => JSON.stringify(features).includes('"chat":true')
    expect(new Set(started.map(isIn)).size).toBe(2)
    for (const one of started) {
      const renewed = await world.call('/api/v1/chat/start', { method: 'POST', token: one.token })
      expect(renewed.json()['features']).toEqual(one.features)
      expect((await complete(one.token)).status).toBe(isIn(one) ? 200 : 403)
    }
  })
})

test('a question that is refused because the chat is off is no fault in the log', async () => {
  await turn({ scope: 'installation', off: true })
  expect((await send(runId())).status).toBe(503)
  const levels = world.logLines.join('').match(/"level":"(warn|error)"/g)
  expect(levels).toEqual(['"level":"warn"'])
})
