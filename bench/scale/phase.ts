import { setTimeout as pause } from 'node:timers/promises'
import { FAR_LIMITS_ENV } from '../far-limits.js'
import { drain, open, question, type Call } from '../proxy-cost/calls.js'
import { startProxy, startUpstream, type Measured } from '../proxy-cost/processes.js'
import type { Measurements } from './costs-of.js'
import type { meterPostgres, meterRedis } from './meters.js'
import { byQuantity, type Phase, type Used } from './quantities.js'

export interface Stores {
  readonly postgres: Awaited<ReturnType<typeof meterPostgres>>
  readonly redis: Awaited<ReturnType<typeof meterRedis>>
  /** How the proxy gets to them. */
  readonly env: Readonly<Record<string, string>>
}

export interface Answers {
  readonly tokens: number
  readonly messages: number
}

const AT_ONCE = 64
const TRIES = 20
// Longer than a connection is kept, so that none is closed in the moment it is taken again.
const IDLE_MS = 8_000
const STREAM = 'text/event-stream'

/** Starts a proxy, has it answer so many questions, and tells what one of them used of each part, without what the parts use idly. */
export const measureAnswers = (
  stores: Stores,
  intervalMs: number,
  { tokens, messages }: Answers,
): Promise<Phase> =>
  withProxy(stores, tokens, intervalMs, async (proxy) => {
    const idle = await usedBy(stores, proxy, () => pause(IDLE_MS))
    const calls: Call[] = []
    const started = await usedBy(stores, proxy, () =>
      repeat(messages, async () => void calls.push(await question(proxy.port, STREAM))),
    )
    let bytes = 0
    const asked = await usedBy(stores, proxy, () =>
      repeat(messages, async (index) => {
        const got = await ask(proxy, calls[index])
        bytes += got
      }),
    )
    const ofOne = ({ used, ms }: Reading): Used =>
      byQuantity((name) => (used[name] - (idle.used[name] / idle.ms) * ms) / messages)
    return { start: ofOne(started), message: ofOne(asked), bytes: bytes / (messages * tokens) }
  })

/** Memory of the proxy: idle, and for each stream while many are open. */
export const measureMemory = (stores: Stores, streams: number): Promise<Measurements['memory']> =>
  withProxy(stores, SLOW.tokens, SLOW.intervalMs, async (proxy) => {
    const calls: Call[] = []
    await repeat(streams, async () => void calls.push(await question(proxy.port, STREAM)))
    const idle = proxy.memory()
    let most = 0
    const looking = setInterval(() => (most = Math.max(most, proxy.memory())), 1_000)
    const answers: ReturnType<typeof drain>[] = []
    // Not all in the same moment: what is measured is holding them.
    await repeat(streams, async (index) => void answers.push(drain(await begin(proxy, calls[index]))))
    for (const { text } of await Promise.all(answers)) mustBeWhole(text)
    clearInterval(looking)
    return { idle, perStream: Math.max(0, most - idle) / streams, streams }
  })

/** Slow enough that all streams are open at the same time. */
const SLOW = { tokens: 30, intervalMs: 1_500 }

async function withProxy<T>(
  { env }: Stores,
  tokens: number,
  intervalMs: number,
  use: (proxy: Measured) => Promise<T>,
): Promise<T> {
  const upstream = await startUpstream(tokens, intervalMs)
  const proxy = await startProxy(upstream, { ...FAR_LIMITS_ENV, LOG_LEVEL: 'warn', ...env })
  try {
    // A first few warm up what is compiled while it runs.
    await repeat(AT_ONCE, async () => void (await ask(proxy, await question(proxy.port, STREAM))))
    return await use(proxy)
  } finally {
    await proxy.stop()
    await upstream.stop()
  }
}

/** @returns the bytes of the answer */
async function ask(proxy: Measured, call: Call | undefined): Promise<number> {
  const { bytes, text } = await drain(await begin(proxy, call))
  mustBeWhole(text)
  return bytes
}

/** As clients do: who is told that the place is busy comes back. */
async function begin({ port }: Measured, call: Call | undefined): ReturnType<typeof open> {
  if (!call) throw new Error('A question is missing.')
  for (let tries = 1; ; tries += 1) {
    try {
      return await open(port, call, false)
    } catch (error) {
      if (tries === TRIES || !String(error).endsWith('503')) throw error
      await pause(1_000)
    }
  }
}

function mustBeWhole(end: string): void {
  if (!end.includes('[DONE]')) throw new Error('An answer was cut; the figures would mean nothing.')
}

/** `each` for so many numbers, some of them side by side. */
async function repeat(count: number, each: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await each(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

interface Reading {
  readonly used: Used
  readonly ms: number
}

async function usedBy(stores: Stores, proxy: Measured, work: () => Promise<void>): Promise<Reading> {
  const began = performance.now()
  const before = await readAll(stores, proxy)
  await work()
  const after = await readAll(stores, proxy)
  return { used: byQuantity((name) => after[name] - before[name]), ms: performance.now() - began }
}

async function readAll({ postgres, redis }: Stores, proxy: Measured): Promise<Used> {
  const [sql, log] = await Promise.all([postgres.read(), redis.read()])
  const { wal, disk, commits } = sql
  const { commands, memory } = log
  return { proxy: proxy.cpu(), postgres: sql.cpu, wal, disk, commits, redis: log.cpu, commands, memory }
}
