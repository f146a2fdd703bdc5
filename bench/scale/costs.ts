import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a message, a token and an open stream cost on each part, as `pnpm scale measure` found it. CPU in microseconds. */
export interface Costs {
  readonly measured: {
    readonly day: string
    readonly machine: string
    readonly seconds: number
    /** Load average of the machine before it began: how much other work it had. */
    readonly busy: number
    /** Answers of two lengths, in tokens, so many milliseconds between two of them, measured so often. */
    readonly tokens: readonly [number, number]
    readonly intervalMs: number
    readonly rounds: number
    /** Open at once when memory was looked at. */
    readonly streams: number
  }
  readonly proxy: {
    /** A new visitor with a new conversation. */
    readonly cpuPerStart: number
    readonly cpuPerMessage: number
    readonly cpuPerToken: number
    /** Memory of a process that does nothing, in bytes. */
    readonly memory: number
    /** For each open stream, in bytes. */
    readonly memoryPerStream: number
  }
  readonly postgres: {
    readonly cpuPerStart: number
    readonly cpuPerMessage: number
    /** An answer that goes on for another second: its text so far is stored. */
    readonly cpuPerStreamSecond: number
    readonly commitsPerMessage: number
    readonly walPerMessage: number
    readonly walPerStreamSecond: number
    /** Tables and indexes, in bytes, with what a question and an answer of `tokens` hold. */
    readonly diskPerMessage: number
  }
  readonly redis: {
    readonly cpuPerMessage: number
    readonly cpuPerToken: number
    readonly commandsPerMessage: number
    readonly commandsPerToken: number
    /** The log of an answer, which stays for 15 minutes after its end: in bytes. */
    readonly memoryPerMessage: number
    readonly memoryPerToken: number
  }
  /** What crosses the wire to the reader for each token, in bytes. */
  readonly network: { readonly bytesPerToken: number }
}

export const COSTS_FILE = join(import.meta.dirname, '../../docs/scale-costs.json')

// Written by `measure.ts` from a value of this type.
export const readCosts = (): Costs => JSON.parse(readFileSync(COSTS_FILE, 'utf8')) as Costs
