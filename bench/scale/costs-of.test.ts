import { expect, test } from 'vitest'
import { costsOf } from './costs-of.js'
import { byQuantity, type Phase, type Used } from './quantities.js'

const all = (value: number): Used => byQuantity(() => value)
/** Everything costs 100 a message and 2 a token. */
const phase = (tokens: number, noise = 0): Phase => ({
  start: all(7),
  message: all(100 + 2 * tokens + noise),
  bytes: 200,
})

const measurements = {
  measured: { day: '2026-11-21', machine: 'a machine', seconds: 1, busy: 0.5 },
  intervalMs: 20,
  short: { tokens: 50, phases: [phase(50), phase(50, 30), phase(50, -1)] },
  long: { tokens: 450, phases: [phase(450), phase(450, 80), phase(450, -80)] },
  memory: { idle: 1e8, perStream: 40_000.4, streams: 600 },
}

test('what a message costs is told from what its tokens add, whatever one round was disturbed by', () => {
  const { measured, proxy, postgres, redis, network } = costsOf(measurements)
  expect(measured).toMatchObject({ tokens: [50, 450], intervalMs: 20, rounds: 3, streams: 600 })
  expect(proxy).toEqual({
    cpuPerStart: 7,
    cpuPerMessage: 100,
    cpuPerToken: 2,
    memory: 1e8,
    memoryPerStream: 40_000,
  })
  expect(postgres).toMatchObject({ cpuPerMessage: 100, cpuPerStreamSecond: 100, walPerMessage: 100 })
  expect(redis).toMatchObject({ commandsPerToken: 2, memoryPerMessage: 100 })
  expect(network.bytesPerToken).toBe(200)
})

test('nothing costs less than nothing', () => {
  const { postgres } = costsOf({ ...measurements, long: { tokens: 450, phases: [phase(0)] } })
  expect(postgres.cpuPerStreamSecond).toBe(0)
  expect(postgres.cpuPerMessage).toBe(200)
})
