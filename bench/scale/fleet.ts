import { quantile } from '../figure.js'
import type { Costs } from './costs.js'
import { renewalsPerSecond, type Load, type Rules } from './load.js'
import { createRandom } from './random.js'
import { simulateProcess } from './simulate-process.js'

const SEED = 20261121
/** For so long one process is lived through, second by second. */
export const SECONDS = 300
const DAY = 86_400
/** What a run’s log lives on for after its end, in seconds; `run-streams.ts`. */
export const LOG_RETENTION = 900
const SLOTS = 16_384

export interface Fleet {
  readonly proxies: {
    /** That bear the load. */
    readonly needed: number
    /** With one zone away. */
    readonly processes: number
    /** In the fullest of a thousand seconds, with all that are there. */
    readonly cpu: number
    readonly streams: number
    readonly memory: number
  }
  readonly postgres: {
    readonly cores: number
    readonly commitsPerSecond: number
    readonly wal: number
    readonly rowsPerDay: number
    readonly diskPerDay: number
    readonly disk: number
    readonly partitions: number
    readonly servers: number
  }
  readonly redis: {
    readonly cores: number
    readonly commandsPerSecond: number
    readonly memory: number
    readonly masters: number
    readonly slotsPerMaster: number
    /** The fullest master beside the mean, when keys fall into slots by their hash. */
    readonly fullest: number
  }
  /** To all readers, in bits per second. */
  readonly network: number
}

/** What it takes to bear `load`, if each part costs what it was measured to. */
export function fleetFor(load: Load, costs: Costs, rules: Rules): Fleet {
  const proxies = proxiesFor(load, costs, rules)
  return {
    proxies,
    postgres: postgresFor(load, costs, rules, proxies.processes),
    redis: redisFor(load, costs, rules),
    network: load.messagesPerSecond * load.tokensPerAnswer * costs.network.bytesPerToken * 8,
  }
}

/** The fewest processes of which one, in the fullest of a thousand seconds, is not too full. */
function proxiesFor(load: Load, costs: Costs, rules: Rules): Fleet['proxies'] {
  const fullest = (processes: number): { cpu: number; streams: number } => {
    const { cpu, streams } = simulateProcess(load, costs, processes, SECONDS, createRandom(SEED))
    return { cpu: quantile(cpu, 0.999), streams: quantile(streams, 0.999) }
  }
  let low = 1
  let high = 1
  while (fullest(high).cpu > rules.cpu) high *= 2
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (fullest(middle).cpu > rules.cpu) low = middle + 1
    else high = middle
  }
  const processes = Math.ceil((low * rules.zones) / (rules.zones - 1))
  const { cpu, streams } = fullest(processes)
  const memory = costs.proxy.memory + streams * costs.proxy.memoryPerStream
  return { needed: low, processes, cpu, streams: Math.ceil(streams), memory }
}

function postgresFor(load: Load, { postgres }: Costs, rules: Rules, processes: number): Fleet['postgres'] {
  const { messagesPerSecond: rate, secondsPerAnswer: length, shareOfStarts } = load
  const streams = rate * length
  const cpu =
    rate * postgres.cpuPerMessage +
    (rate * shareOfStarts + renewalsPerSecond(load)) * postgres.cpuPerStart +
    streams * postgres.cpuPerStreamSecond
  const rowsPerDay = rate * 2 * DAY
  const disk = rate * DAY * postgres.diskPerMessage * load.days
  return {
    cores: cpu / 1e6 / rules.cpu,
    commitsPerSecond: rate * postgres.commitsPerMessage,
    wal: rate * postgres.walPerMessage + streams * postgres.walPerStreamSecond,
    rowsPerDay,
    diskPerDay: rate * DAY * postgres.diskPerMessage,
    disk,
    partitions: Math.ceil((rowsPerDay * load.days) / rules.rowsPerPartition),
    servers: Math.ceil((processes * rules.connectionsPerProcess) / rules.connections),
  }
}

function redisFor(load: Load, { redis }: Costs, rules: Rules): Fleet['redis'] {
  const { messagesPerSecond: rate, tokensPerAnswer: tokens, secondsPerAnswer: length } = load
  const cores = (rate * (redis.cpuPerMessage + tokens * redis.cpuPerToken)) / 1e6
  // A log grows while the answer does, and then stays.
  const ofOne = redis.memoryPerMessage + tokens * redis.memoryPerToken
  const memory = rate * ofOne * (LOG_RETENTION + length / 2)
  const masters = Math.ceil(Math.max(cores / rules.redisCpu, memory / rules.redisMemory))
  return {
    cores,
    fullest: fullestOf(masters, rate * length),
    commandsPerSecond: rate * (redis.commandsPerMessage + tokens * redis.commandsPerToken),
    memory,
    masters,
    slotsPerMaster: Math.floor(SLOTS / masters),
  }
}

/** Each run has one slot, and each master a range of them. */
function fullestOf(masters: number, runs: number): number {
  const random = createRandom(SEED)
  const counts = new Float64Array(masters)
  for (let run = 0; run < runs; run += 1) {
    const slot = Math.floor(random.uniform() * SLOTS)
    const master = Math.floor((slot * masters) / SLOTS)
    counts[master] = (counts[master] ?? 0) + 1
  }
  return Math.max(...counts) / (runs / masters)
}
