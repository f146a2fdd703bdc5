import { expect, test } from 'vitest'
import type { Costs } from './costs.js'
import { fleetFor } from './fleet.js'
import { LOAD, RULES } from './load.js'

const COSTS: Costs = {
  measured: {
    day: '2026-11-21',
    machine: 'a machine',
    seconds: 1,
    busy: 0.5,
    tokens: [50, 450],
    intervalMs: 20,
    rounds: 3,
    streams: 600,
  },
  proxy: { cpuPerStart: 1_000, cpuPerMessage: 5_000, cpuPerToken: 30, memory: 2e8, memoryPerStream: 40_000 },
  postgres: {
    cpuPerStart: 1_000,
    cpuPerMessage: 4_000,
    cpuPerStreamSecond: 100,
    commitsPerMessage: 4,
    walPerMessage: 8_000,
    walPerStreamSecond: 500,
    diskPerMessage: 4_000,
  },
  redis: {
    cpuPerMessage: 100,
    cpuPerToken: 2,
    commandsPerMessage: 10,
    commandsPerToken: 1,
    memoryPerMessage: 1_000,
    memoryPerToken: 50,
  },
  network: { bytesPerToken: 200 },
}
const small = { ...LOAD, messagesPerSecond: 100, openConversations: 1_000 }
const large = { ...LOAD, messagesPerSecond: 1_000, openConversations: 10_000 }

test('a fleet bears the mean, and more, because seconds are not equally full', () => {
  const { proxies } = fleetFor(large, COSTS, RULES)
  const mean = (large.messagesPerSecond * (5_000 + 250 + large.tokensPerAnswer * 30)) / 1e6
  expect(proxies.needed).toBeGreaterThan(mean / RULES.cpu)
  expect(proxies.needed).toBeLessThan((2 * mean) / RULES.cpu)
  expect(proxies.processes).toBe(Math.ceil(proxies.needed * 1.5))
  expect(proxies.cpu).toBeLessThan(RULES.cpu)
})

test('ten times the load takes ten times the stores, and somewhat less than ten times the processes', () => {
  const [one, ten] = [fleetFor(small, COSTS, RULES), fleetFor(large, COSTS, RULES)]
  expect(ten.postgres.cores / one.postgres.cores).toBeCloseTo(10)
  expect(ten.redis.memory / one.redis.memory).toBeCloseTo(10)
  expect(ten.network / one.network).toBeCloseTo(10)
  expect(ten.proxies.needed / one.proxies.needed).toBeLessThanOrEqual(10)
})

test('open pages that wait for a person cost the renewals of their sessions, and nothing else', () => {
  const [few, many] = [0, 36_000_000].map((openConversations) =>
    fleetFor({ ...large, openConversations }, COSTS, RULES),
  )
  const renewals = 36_000_000 / large.secondsPerSession
  expect((many?.postgres.cores ?? 0) - (few?.postgres.cores ?? 0)).toBeCloseTo(
    (renewals * COSTS.postgres.cpuPerStart) / 1e6 / RULES.cpu,
  )
  expect(many?.proxies.needed).toBeGreaterThan(few?.proxies.needed ?? Infinity)
  expect(many?.redis).toEqual(few?.redis)
})

test('streams per process are what Little’s law says, at least', () => {
  const { proxies } = fleetFor(large, COSTS, RULES)
  const mean = (large.messagesPerSecond * large.secondsPerAnswer) / proxies.processes
  expect(proxies.streams).toBeGreaterThan(mean)
  expect(proxies.streams).toBeLessThan(mean * 2)
})

test('the same seed makes the same fleet', () => {
  expect(fleetFor(large, COSTS, RULES)).toEqual(fleetFor(large, COSTS, RULES))
})

test('masters of Redis share 16,384 slots, and none gets far more than its part', () => {
  const { redis } = fleetFor({ ...LOAD, messagesPerSecond: 10_000 }, COSTS, RULES)
  expect(redis.masters).toBeGreaterThan(1)
  expect(redis.slotsPerMaster).toBe(Math.floor(16_384 / redis.masters))
  expect(redis.fullest).toBeGreaterThanOrEqual(1)
  expect(redis.fullest).toBeLessThan(1.2)
})
