import type { Costs } from './costs.js'
import { renewalsPerSecond, type Load } from './load.js'
import type { Random } from './random.js'

/** One process of a fleet, over some minutes. */
export interface Simulated {
  /** Of a core, in each second. */
  readonly cpu: readonly number[]
  /** Answers under way, in each second. */
  readonly streams: readonly number[]
}

const SPREAD = 0.6
/** Answers are under way from the beginning on; what comes before is not looked at. */
const WARM_UP_LENGTHS = 6

/**
 * A process that gets its share of the messages at random, as a balancer without memory deals them. Answers are of unequal length, so
 * some seconds are fuller than others: how much fuller is what the simulation is for.
 */
export function simulateProcess(
  load: Load,
  costs: Costs,
  processes: number,
  seconds: number,
  random: Random,
): Simulated {
  const warmUp = Math.ceil(load.secondsPerAnswer * WARM_UP_LENGTHS)
  const all = warmUp + seconds
  const arrived = new Float64Array(all)
  const tokens = new Float64Array(all)
  const streams = new Float64Array(all)
  // The mean of a log-normal is above its median.
  const median = load.secondsPerAnswer / Math.exp(SPREAD ** 2 / 2)
  const pace = load.tokensPerAnswer / load.secondsPerAnswer
  for (let second = 0; second < all; second += 1) {
    const count = random.poisson(load.messagesPerSecond / processes)
    arrived[second] = count
    for (let index = 0; index < count; index += 1) {
      const end = Math.min(all, second + random.logNormal(median, SPREAD))
      for (let at = second; at < end; at += 1) {
        const part = Math.min(1, end - at)
        tokens[at] = (tokens[at] ?? 0) + pace * part
        streams[at] = (streams[at] ?? 0) + part
      }
    }
  }
  const { cpuPerMessage, cpuPerStart, cpuPerToken } = costs.proxy
  const perMessage = cpuPerMessage + load.shareOfStarts * cpuPerStart
  const renewals = (renewalsPerSecond(load) / processes) * cpuPerStart
  const used = (second: number): number =>
    ((arrived[second] ?? 0) * perMessage + renewals + (tokens[second] ?? 0) * cpuPerToken) / 1e6
  const counted = Array.from({ length: seconds }, (_, index) => warmUp + index)
  return { cpu: counted.map(used), streams: counted.map((second) => streams[second] ?? 0) }
}
