import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routeTable } from './routes.js'
import { expectRefusal } from './testing/expect-openai-error.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
beforeAll(async () => {
  world = await createHttpWorld()
})
afterAll(() => world.close())

/** What anybody on the internet may call. A row that joins them must join this list, too, by somebody's decision. */
const PUBLIC = [
  'GET /api/v1/healthz',
  'GET /docs',
  'GET /healthz',
  'GET /openapi.json',
  'GET /readyz',
  'POST /api/v1/chat/start',
]

describe('the route table', () => {
  test('says of every row who may pass', () => {
    const rows = routeTable(world.useCases)
    for (const { access } of rows) expect(access === 'public' || access.length > 0).toBe(true)
    const open = rows
      .filter(({ access }) => access === 'public')
      .map(({ method, path }) => `${method} ${path}`)
    expect(open.toSorted()).toEqual(PUBLIC)
  })

  test('has no row twice', () => {
    const names = routeTable(world.useCases).map(({ method, path }) => `${method} ${path}`)
    expect(new Set(names).size).toBe(names.length)
  })

  test('lets nobody unknown into any protected row, whatever they send', async () => {
    for (const { method, path, access } of routeTable(world.useCases)) {
      if (access === 'public') continue
      const concrete = path.replace(':id', 'c_00001')
      const body = method === 'GET' || method === 'DELETE' ? undefined : '{"broken'
      expectRefusal(await world.call(concrete, { method, body, token: null }), 'AuthenticationError', path)
      expectRefusal(await world.call(concrete, { method, body, token: 'a.b.c' }), 'AuthenticationError', path)
    }
  })

  test('answers no other method of its paths', async () => {
    const rows = routeTable(world.useCases)
    for (const path of new Set(rows.map((row) => row.path))) {
      const known = rows.filter((row) => row.path === path).map(({ method }) => method as string)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !known.includes(one))) {
        expectRefusal(await world.call(path.replace(':id', 'c_00001'), { method }), 'NotFoundError', path)
      }
    }
  })
})
