import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JobLeases } from './job-leases.js'
import * as stored from './testing/stored-records.js'
import type { OpenStore } from './testing/stored-records.js'

const MINUTE = 60_000

/** What every adapter of the leases of jobs must do. */
export function jobLeasesSuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`job leases: ${name}`, () => {
    let store: OpenStore
    let job: string
    let [mine, other]: [JobLeases | null, JobLeases | null] = [null, null]

    beforeEach(async () => {
      store = await open()
      job = stored.newId('job')
      ;[mine, other] = [store.jobLeases(), store.jobLeases()]
    })
    afterEach(() => store.close())

    test('one process has a job, and may renew it', async () => {
      expect(await mine?.acquire(job, MINUTE)).toBe(true)
      expect(await other?.acquire(job, MINUTE)).toBe(false)
      expect(await mine?.acquire(job, MINUTE)).toBe(true)
      expect(await other?.acquire(stored.newId('job'), MINUTE)).toBe(true)
    })

    test('of many that ask at once exactly one gets it', async () => {
      const all = Array.from({ length: 20 }, () => store.jobLeases())
      const got = await Promise.all(all.map((leases) => leases.acquire(job, MINUTE)))
      expect(got.filter(Boolean)).toHaveLength(1)
    })

    test('a process that does not come back loses it', async () => {
      await mine?.acquire(job, 0)
      expect(await other?.acquire(job, MINUTE)).toBe(true)
      expect(await mine?.acquire(job, MINUTE)).toBe(false)
    })

    test('is given back by its owner alone', async () => {
      await mine?.acquire(job, MINUTE)
      await other?.release(job)
      expect(await other?.acquire(job, MINUTE)).toBe(false)
      await mine?.release(job)
      expect(await other?.acquire(job, MINUTE)).toBe(true)
    })
  })
}
