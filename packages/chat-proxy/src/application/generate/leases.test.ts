import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { RunRepository } from '../../domain/ports/index.js'
import { PinoLogger } from '../../infrastructure/logging/pino-logger.js'
import { FakeClock } from '../../infrastructure/time/testing/fake-clock.js'
import { Leases, LEASE_MS } from './leases.js'

const run = (runId: string) => ({ tenantId: 'acme', runId })

let clock: FakeClock
let renew: ReturnType<typeof vi.fn<RunRepository['renew']>>
let leases: Leases

beforeEach(() => {
  clock = new FakeClock()
  renew = vi.fn<RunRepository['renew']>((runs) => Promise.resolve(runs))
  // Leases renew and do nothing else with the runs.
  const runs = { renew } as Partial<RunRepository> as RunRepository
  leases = new Leases({ runs, clock, logger: new PinoLogger({ level: 'silent' }) })
})

describe('Leases', () => {
  test('renews all runs at once, at least twice within the life of a lease', async () => {
    leases.hold(run('a'), () => {})
    leases.hold(run('b'), () => {})
    await clock.advanceAsync(LEASE_MS)
    expect(renew.mock.calls.length).toBeGreaterThanOrEqual(2)
    expect(renew.mock.calls.every(([runs]) => runs.length === 2)).toBe(true)
  })

  test('asks nothing and waits for nothing when no run is held', async () => {
    expect(clock.pending).toBe(0)
    const letGo = leases.hold(run('a'), () => {})
    expect(leases.holds(run('a'))).toBe(true)
    letGo()
    expect(leases.holds(run('a'))).toBe(false)
    expect(clock.pending).toBe(0)
    await clock.advanceAsync(LEASE_MS)
    expect(renew).not.toHaveBeenCalled()
  })

  test('tells a run that its lease is lost, and only that one', async () => {
    const [a, b] = [vi.fn(), vi.fn()]
    leases.hold(run('a'), a)
    leases.hold(run('b'), b)
    renew.mockResolvedValue([run('b')])
    await clock.advanceAsync(LEASE_MS)
    expect(a).toHaveBeenCalled()
    expect(b).not.toHaveBeenCalled()
  })

  test('does not tell a run that ended while it was asked', async () => {
    const lost = vi.fn()
    const letGo = leases.hold(run('a'), lost)
    renew.mockImplementation(async () => {
      letGo()
      return []
    })
    await clock.advanceAsync(LEASE_MS)
    expect(lost).not.toHaveBeenCalled()
  })

  test('goes on renewing after the store was away, and takes nothing for lost because of it', async () => {
    const lost = vi.fn()
    leases.hold(run('a'), lost)
    renew.mockRejectedValueOnce(new Error('away')).mockRejectedValueOnce(new Error('away'))
    await clock.advanceAsync(10 * LEASE_MS)
    expect(lost).not.toHaveBeenCalled()
    expect(renew.mock.calls.length).toBeGreaterThan(10)
  })
})
