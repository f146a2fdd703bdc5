import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOST_IDENTITY, hostToken } from '../../application/testing/host-site.js'
import { ListedTenants } from '../../application/testing/listed-tenants.js'
import { ADMIN_TOKEN, METRICS_TOKEN } from '../../application/testing/test-world.js'
import { answering } from '../../application/testing/scripted-model.js'
import { ROLES, type Caller, type Role } from '../../domain/caller.js'
import { NO_LIMITS } from '../../domain/limits.js'
import { tenantOf } from '../../domain/tenant.js'
import { createHttpRouter } from './http-router.js'
import { routeTable } from './routes.js'
import { authorize } from './routing/authorize.js'
import type { Route } from './routing/route.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'
import { absentStatusOf, bodyOf, nameOf, objectOf, type SampleObject } from './testing/route-samples.js'
import { sampleObject } from './testing/sample-objects.js'

/**
 * The matrix of who may do what, made of the route table: every route × every kind of caller × whose object × which tenant is
 * asked for. A route that joins the table joins the matrix.
 */

let world: HttpWorld
beforeAll(async () => {
  world = await createHttpWorld({
    tenants: new ListedTenants(...['default', 'acme'].map((id) => tenantOf({ id, limits: NO_LIMITS }))),
    identity: HOST_IDENTITY,
  })
  world.model.script = answering('Hel', 'lo.')
})
afterAll(() => world.close())

const HOUR = 3_600_000

/** A caller, or nobody: then `caller` is who they would be with a proof. */
interface Someone {
  readonly name: string
  readonly token: string | null
  readonly caller: Caller
  /** `gone`: good, for a tenant that is not here. `operator`, `monitor`: of the installation, and of no tenant. */
  readonly proof: 'good' | 'none' | 'gone' | 'operator' | 'monitor'
}

const user = (role: Role, tenantId = 'default'): Caller => ({
  tenantId,
  subject: 'u_42',
  kind: 'user',
  role,
})
const visitor: Caller = { tenantId: 'default', subject: 'v_alice', kind: 'visitor', role: 'visitor' }

async function everybody(): Promise<readonly Someone[]> {
  const expiresAt = world.clock.now() + HOUR
  const signed = (roles: string[], tenants = 'default') => hostToken({ sub: '42', tenants, roles, expiresAt })
  const session = async (caller: Caller) => (await world.ports.tokens.issue(caller)).token
  const gone = world.clock.now() - 31_000
  const expired = await hostToken({ sub: '42', roles: ['boss'], expiresAt: gone })
  const good: Omit<Someone, 'proof'>[] = [
    { name: 'visitor', token: await session(visitor), caller: visitor },
    { name: 'user', token: await signed([]), caller: user('user') },
    { name: 'agent', token: await signed(['helper']), caller: user('agent') },
    { name: 'admin', token: await signed(['boss']), caller: user('admin') },
    { name: 'user by session', token: await session(user('user')), caller: user('user') },
    { name: 'admin by session', token: await session(user('admin')), caller: user('admin') },
    { name: 'of another tenant', token: await signed(['boss'], 'acme'), caller: user('admin', 'acme') },
  ]
  return [
    ...good.map((one) => ({ ...one, proof: 'good' as const })),
    { name: 'operator', token: ADMIN_TOKEN, caller: user('admin'), proof: 'operator' },
    { name: 'monitor', token: METRICS_TOKEN, caller: user('admin'), proof: 'monitor' },
    // Not the visitor above, who may have been forgotten as they wished.
    { name: 'nobody', token: null, caller: { ...visitor, subject: 'v_nobody' }, proof: 'none' },
    { name: 'expired', token: expired, caller: user('admin'), proof: 'none' },
    {
      name: 'of no tenant here',
      token: await signed(['boss'], 'gone'),
      caller: user('admin', 'gone'),
      proof: 'gone',
    },
  ]
}

let made = 0
/** An object of that kind that belongs to `owner`, with all that a route might look for. */
function ownedBy(owner: Caller, kind: SampleObject): Promise<string> {
  made += 1
  return sampleObject(world, { owner, kind, unique: made })
}

const stranger = (tenantId: string): Caller => ({ ...user('user', tenantId), subject: 'u_stranger' })
const sameIdElsewhere = ({ subject, kind, role, tenantId }: Caller): Caller => ({
  subject,
  kind,
  role,
  tenantId: tenantId === 'acme' ? 'default' : 'acme',
})

/** Whose object the id names. */
const WHOSE = ['own', 'of somebody else', 'of the same user in another tenant', 'of nobody'] as const

async function idFor(whose: (typeof WHOSE)[number], kind: SampleObject, caller: Caller): Promise<string> {
  // Whoever does not exist here owns nothing.
  const tenantId = caller.tenantId === 'gone' ? 'default' : caller.tenantId
  if (whose === 'own') return ownedBy({ ...caller, tenantId }, kind)
  if (whose === 'of somebody else') return ownedBy(stranger(tenantId), kind)
  if (whose === 'of the same user in another tenant') return ownedBy(sameIdElsewhere(caller), kind)
  made += 1
  return `x_none_${made}`
}

interface Cell {
  readonly route: Route
  readonly someone: Someone
  readonly whose: (typeof WHOSE)[number]
  /** `X-Tenant-ID`. */
  readonly asked: 'nothing' | 'own' | 'other'
}

/** What must come of it; `null`: the call does what it is for. */
function refusalOf({ route, someone, whose, asked }: Cell): number | null {
  if (route.access === 'public') return null
  if (route.access === 'operator' || route.access === 'monitor') {
    if (someone.proof !== route.access) return 401
    return whose === 'own' ? null : absentStatusOf(route)
  }
  if (someone.proof === 'operator' || someone.proof === 'monitor') return 401
  if (someone.proof === 'none') return 401
  if (asked === 'other') return 403
  if (someone.proof === 'gone') return 401
  if (!route.access.includes(someone.caller.role)) return 403
  return whose === 'own' ? null : absentStatusOf(route)
}

async function statusOf({ route, someone, whose, asked }: Cell): Promise<number> {
  const kind = objectOf(route)
  const id = kind ? await idFor(whose, kind, someone.caller) : ''
  const other = someone.caller.tenantId === 'default' ? 'acme' : 'default'
  const tenant = { nothing: null, own: someone.caller.tenantId, other }[asked]
  made += 1
  const answer = await world.call(route.path.replace(':id', id), {
    method: route.method,
    token: someone.token,
    body: bodyOf(route, `sample_${made}`),
    headers: tenant === null ? {} : { 'x-tenant-id': tenant },
  })
  return answer.status
}

function cellsOf(route: Route, someone: Someone): readonly Cell[] {
  // The operator owns every tenant that there is.
  const all = route.access === 'operator' ? (['own', 'of nobody'] as const) : WHOSE
  const whose = objectOf(route) ? all : (['own'] as const)
  return [
    ...whose.map((one) => ({ route, someone, whose: one, asked: 'nothing' as const })),
    { route, someone, whose: 'own', asked: 'own' },
    { route, someone, whose: 'own', asked: 'other' },
  ]
}

const isRight = (cell: Cell, status: number): boolean => {
  const refusal = refusalOf(cell)
  return refusal === null ? status < 300 && status !== absentStatusOf(cell.route) : status === refusal
}

describe('the matrix', () => {
  test('no cell is wrong', async () => {
    const wrong: string[] = []
    let cells = 0
    for (const someone of await everybody()) {
      for (const route of routeTable(world.useCases)) {
        if (route.access === 'public') continue
        for (const cell of cellsOf(route, someone)) {
          cells += 1
          const status = await statusOf(cell)
          if (isRight(cell, status)) continue
          const { whose, asked } = cell
          wrong.push(
            `${nameOf(route)} · ${someone.name} · object ${whose} · X-Tenant-ID ${asked}: ${status} instead of ${refusalOf(cell) ?? 'success'}`,
          )
        }
      }
    }
    expect(wrong).toEqual([])
    expect(cells).toBeGreaterThan(600)
  }, 120_000)

  test('public routes need nobody', async () => {
    for (const route of routeTable(world.useCases).filter(({ access }) => access === 'public')) {
      const answer = await world.call(route.path, {
        method: route.method,
        token: null,
        body: bodyOf(route, 'sample_0'),
      })
      expect([nameOf(route), answer.status < 300]).toEqual([nameOf(route), true])
    }
  })

  test('what belongs to somebody else is told in the same words as what is not there', async () => {
    const token = await world.tokenOf('v_alice')
    for (const route of routeTable(world.useCases)) {
      const kind = objectOf(route)
      if (!kind || typeof route.access === 'string') continue
      const answerTo = async (id: string): Promise<string> => {
        made += 1
        const path = route.path.replace(':id', id)
        const body = bodyOf(route, `sample_${made}`)
        const answer = await world.call(path, { method: route.method, token, body })
        const told = answer.text.replaceAll(id, '<id>').replaceAll(/"request_id":"[^"]*"/g, '')
        return `${answer.status} ${told}`
      }
      const foreign = await answerTo(await ownedBy(stranger('default'), kind))
      expect([nameOf(route), foreign]).toEqual([nameOf(route), await answerTo('x_none_0001')])
    }
  })
})

describe('roles', () => {
  const subsets = Array.from({ length: 2 ** ROLES.length }, (_, bits) =>
    ROLES.filter((_role, index) => (bits & (1 << index)) !== 0),
  )

  test('pass where they are named, and nowhere else', () => {
    for (const access of subsets)
      for (const role of ROLES) {
        const passes = (): boolean => {
          try {
            authorize(access, user(role))
            return true
          } catch (error) {
            expect(error).toMatchObject({ code: 'not-allowed' })
            return false
          }
        }
        expect([access, role, passes()]).toEqual([access, role, access.includes(role)])
      }
  })
})

test('the router has no address beyond the table', () => {
  const router = createHttpRouter(world.deps)
  const served = router.stack.flatMap(({ route }) =>
    // `methods` is not in Express's types: the verbs that the route answers.
    route
      ? Object.keys((route as unknown as { methods: Record<string, boolean> }).methods).map(
          (method) => `${method.toUpperCase()} ${route.path}`,
        )
      : [],
  )
  const table = routeTable(world.useCases).map(nameOf)
  expect(served.filter((name) => !name.startsWith('OPTIONS ')).toSorted()).toEqual(table.toSorted())
})
