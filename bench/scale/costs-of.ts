import { median } from '../figure.js'
import type { Costs } from './costs.js'
import { byQuantity, type Phase, type Quantity, type Used } from './quantities.js'

interface Length {
  readonly tokens: number
  readonly phases: readonly Phase[]
}

export interface Measurements {
  readonly measured: Pick<Costs['measured'], 'day' | 'machine' | 'seconds' | 'busy'>
  /** Between two tokens of an answer. */
  readonly intervalMs: number
  /** Answers of two lengths: two points make a line. */
  readonly short: Length
  readonly long: Length
  /** Of an idle process, and for each open stream, in bytes. */
  readonly memory: { readonly idle: number; readonly perStream: number; readonly streams: number }
}

const round = (value: number): number => Math.round(value * 100) / 100
const medianOf = (used: readonly Used[]): Used => byQuantity((name) => median(used.map((one) => one[name])))

/** What a message costs, and what each of its tokens adds. Less than nothing is noise around nothing. */
export function costsOf({ measured, intervalMs, short, long, memory }: Measurements): Costs {
  const start = medianOf([...short.phases, ...long.phases].map((phase) => phase.start))
  const few = medianOf(short.phases.map(({ message }) => message))
  const many = medianOf(long.phases.map(({ message }) => message))
  const slope = (name: Quantity): number =>
    Math.max(0, (many[name] - few[name]) / (long.tokens - short.tokens))
  const perToken = (name: Quantity): number => round(slope(name))
  const perMessage = (name: Quantity): number => round(Math.max(0, few[name] - slope(name) * short.tokens))
  const perSecond = (name: Quantity): number => round(slope(name) * (1000 / intervalMs))
  return {
    measured: {
      ...measured,
      tokens: [short.tokens, long.tokens],
      intervalMs,
      rounds: long.phases.length,
      streams: memory.streams,
    },
    proxy: {
      cpuPerStart: round(start.proxy),
      cpuPerMessage: perMessage('proxy'),
      cpuPerToken: perToken('proxy'),
      memory: memory.idle,
      memoryPerStream: Math.round(memory.perStream),
    },
    postgres: {
      cpuPerStart: round(start.postgres),
      cpuPerMessage: perMessage('postgres'),
      cpuPerStreamSecond: perSecond('postgres'),
      commitsPerMessage: perMessage('commits'),
      walPerMessage: perMessage('wal'),
      walPerStreamSecond: perSecond('wal'),
      diskPerMessage: round(few.disk),
    },
    redis: {
      cpuPerMessage: perMessage('redis'),
      cpuPerToken: perToken('redis'),
      commandsPerMessage: perMessage('commands'),
      commandsPerToken: perToken('commands'),
      memoryPerMessage: perMessage('memory'),
      memoryPerToken: perToken('memory'),
    },
    network: { bytesPerToken: round(median(long.phases.map(({ bytes }) => bytes))) },
  }
}
