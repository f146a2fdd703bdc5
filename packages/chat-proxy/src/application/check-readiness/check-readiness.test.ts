import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld, type World } from '../testing/test-world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

test('is ready when everything it depends on works', async () => {
  expect(await world.useCases.checkReadiness.execute()).toEqual({
    ready: true,
    dependencies: { database: 'ok' },
  })
})

test('names what is down', async () => {
  await world.database.close()
  expect(await world.useCases.checkReadiness.execute()).toEqual({
    ready: false,
    dependencies: { database: 'down' },
  })
})

test('is ready without what it can do without, and names it', async () => {
  await world.close()
  world = await createWorld({
    replace: ({ dependencies }) => ({
      dependencies: [
        ...dependencies,
        { name: 'redis', isEssential: false, check: () => Promise.reject(new Error('away')) },
      ],
    }),
  })
  expect(await world.useCases.checkReadiness.execute()).toEqual({
    ready: true,
    dependencies: { database: 'ok', redis: 'down' },
  })
})

test('is not ready while it is stopping', async () => {
  await world.useCases.generations.drain(0)
  expect(await world.useCases.checkReadiness.execute()).toMatchObject({ ready: false })
})
