import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering } from '../../application/testing/scripted-model.js'
import { ADMIN_TOKEN } from '../../application/testing/test-world.js'
import type { UseCases } from '../../application/use-cases.js'
import { TABLES } from '../../infrastructure/sql/schema.js'
import { routeTable } from './routes.js'
import type { Route } from './routing/route.js'
import type { Answer } from './testing/answer.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'
import { bodyOf, nameOf, objectOf } from './testing/route-samples.js'
import { sampleObject } from './testing/sample-objects.js'

/**
 * Every route that changes something, made of the route table: the change and its row of `events` are one transaction, and no row
 * that is there already ever changes.
 */

/** What these do is nothing that is kept; or the row is written when it ends, with what it cost. */
const CHANGES_NOTHING = new Set([
  'POST /api/v1/chat/start',
  'POST /api/v1/runs/:id/stop',
  'POST /v1/chat/completions',
])

/** Who and what: the row that each route writes. */
const EVENTS: Readonly<Record<string, string>> = {
  'POST /api/v1/chat': 'run.admitted',
  'POST /api/v1/conversations': 'conversation.created',
  'PATCH /api/v1/conversations/:id': 'conversation.updated',
  'DELETE /api/v1/conversations/:id': 'conversation.deleted',
  'POST /api/v1/conversations/:id/restore': 'conversation.restored',
  'PUT /api/v1/conversations/:id': 'run.admitted',
  'POST /api/v1/conversations/:id/messages': 'run.admitted',
  'POST /api/v1/messages/:id/feedback': 'message.rated',
  'POST /api/v1/ui/chat': 'run.admitted',
  'PUT /api/v1/admin/tenants/:id': 'tenant.saved',
  'PATCH /api/v1/admin/tenants/:id': 'tenant.saved',
  'DELETE /api/v1/admin/tenants/:id': 'tenant.deleted',
  'POST /api/v1/admin/tenants/:id/keys': 'tenant.saved',
  'PUT /api/v1/admin/kill-switches': 'kill-switch.turned',
  'DELETE /api/v1/me': 'erasure.requested',
}

// Endpoints take their use cases when they are called, so names and methods need none.
const routes = routeTable(new Proxy({}, { get: () => ({}) }) as UseCases).filter(
  (route) => route.method !== 'GET' && !CHANGES_NOTHING.has(nameOf(route)),
)

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld()
  world.model.script = answering('Hello.')
})
afterEach(() => world.close())

async function prepare(route: Route): Promise<() => Promise<Answer>> {
  const kind = objectOf(route)
  const id = kind ? await sampleObject(world, { owner: world.alice, kind, unique: 'audit_1' }) : ''
  if (nameOf(route).endsWith('/restore')) await world.useCases.deleteConversation.execute(world.alice, id)
  if (nameOf(route).endsWith('/kill-switches'))
    await world.useCases.turnSwitch.off({ scope: 'tenant', tenantId: 'default' }, 'abuse')
  await allRunsAreOver()
  const token = route.access === 'operator' ? ADMIN_TOKEN : world.token
  const body = bodyOf(route, 'audit_2')
  return () => world.call(route.path.replace(':id', id), { method: route.method, token, body })
}

/** Also what is done behind the end of an answer. */
const allRunsAreOver = () =>
  expect
    .poll(() =>
      world.database.kysely.selectFrom('runs').select('id').where('lease_owner', 'is not', null).execute(),
    )
    .toEqual([])

const rowsOf = (table: keyof typeof TABLES): Promise<readonly object[]> =>
  world.database.kysely.selectFrom(table).selectAll().execute()

const events = () =>
  world.database.kysely.selectFrom('events').selectAll().orderBy('tenant_id').orderBy('seq').execute()

/** All that is stored, but for the events. */
async function everything(): Promise<unknown> {
  // The names of an object's fields, which TypeScript calls strings.
  const names = (Object.keys(TABLES) as (keyof typeof TABLES)[]).filter((name) => name !== 'events')
  return Promise.all(names.map(async (name) => [name, await rowsOf(name)]))
}

describe.each(routes.map((route) => [nameOf(route), route] as const))('%s', (name, route) => {
  test('writes who did it, and changes no row that was there', async () => {
    const call = await prepare(route)
    const before = await events()
    expect((await call()).status).toBeLessThan(300)
    const after = await events()
    const isNew = ({ tenant_id, seq }: (typeof after)[number]): boolean =>
      !before.some((old) => old.tenant_id === tenant_id && old.seq === seq)
    const written = after.filter(isNew)
    expect(written.map(({ type }) => type)).toContain(EVENTS[name])
    if (route.access === 'operator') expect(written.map(({ actor }) => actor)).toEqual(['operator'])
    // Whoever is forgotten is taken out of older rows, too.
    if (name !== 'DELETE /api/v1/me') expect(after.filter((row) => !isNew(row))).toEqual(before)
  })

  test('changes nothing when its row cannot be written', async () => {
    const call = await prepare(route)
    const before = await everything()
    const { schema } = world.database.kysely
    await schema.alterTable('events').renameTo('events_away').execute()
    const answer = await call()
    await schema.alterTable('events_away').renameTo('events').execute()
    expect(answer.status).toBe(500)
    expect(await everything()).toEqual(before)
    expect((await call()).status).toBeLessThan(300)
  })
})
