import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PlaceRef, RunPlaces } from './run-places.js'

/** Where places are counted, as several processes see it. */
export interface RunPlacesWorld {
  /** As another process. */
  open(): RunPlaces
  /** Lets time pass for those processes that live. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

const place = (ownerId = 'v_alice', tenantId = 'default'): PlaceRef => ({
  tenantId,
  ownerId,
  id: `run_${randomUUID()}`,
})

/** What every adapter of `RunPlaces` keeps. */
export function runPlacesSuite(name: string, createWorld: () => Promise<RunPlacesWorld>): void {
  describe(`places on ${name}`, () => {
    let world: RunPlacesWorld
    let here: RunPlaces
    let there: RunPlaces
    beforeEach(async () => {
      world = await createWorld()
      here = world.open()
      there = world.open()
    })
    afterEach(async () => {
      await Promise.all([here.close(), there.close()])
      await world.close()
    })

    test('however many ask at once in two processes, no owner gets more than there are', async () => {
      const asked = Array.from({ length: 30 }, (_, index) =>
        (index % 2 ? here : there).take(place(), { user: 4, tenant: null }),
      )
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(4)
    })

    test('nor does a tenant, whoever asks', async () => {
      const asked = Array.from({ length: 30 }, (_, index) =>
        (index % 2 ? here : there).take(place(`v_${index}`), { user: 4, tenant: 7 }),
      )
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(7)
    })

    test('a place that is given back is taken by another process', async () => {
      const [first, second] = [place(), place()]
      expect(await here.take(first, { user: 1, tenant: null })).toBe(true)
      expect(await there.take(second, { user: 1, tenant: null })).toBe(false)
      await here.release(first)
      expect(await there.take(second, { user: 1, tenant: null })).toBe(true)
    })

    test('every process can tell how many there are', async () => {
      const max = { user: 3, tenant: null }
      const mine = place()
      await here.take(mine, max)
      await here.take(mine, max)
      await there.take(place(), max)
      await there.take(place('v_bob'), max)
      await there.take(place('v_alice', 'other'), max)
      expect(await here.count(mine)).toEqual({ user: 2, tenant: 3 })
      expect(await there.count(place('v_carol'))).toEqual({ user: 0, tenant: 3 })
      await here.release(mine)
      expect(await there.count(mine)).toEqual({ user: 1, tenant: 2 })
    })

    test('taking it again changes nothing, and others have places of their own', async () => {
      const mine = place()
      const max = { user: 1, tenant: null }
      expect(await here.take(mine, max)).toBe(true)
      expect(await here.take(mine, max)).toBe(true)
      expect(await there.take(place('v_bob'), max)).toBe(true)
      expect(await there.take(place('v_alice', 'other'), max)).toBe(true)
    })

    test('places of a process that is dead are free after a while, those of a living one are not', async () => {
      const dead = world.open()
      expect(await dead.take(place(), { user: 1, tenant: null })).toBe(true)
      expect(await here.take(place('v_bob'), { user: 1, tenant: null })).toBe(true)
      await dead.close()
      await world.pass(6_000)
      expect(await there.take(place(), { user: 1, tenant: null })).toBe(true)
      expect(await there.take(place('v_bob'), { user: 1, tenant: null })).toBe(false)
    })
  })
}
