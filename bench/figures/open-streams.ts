import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { median, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'
import type { Listening, Told, Wish } from '../open-streams/messages.js'
import { startProxy, type Measured } from '../proxy-cost/processes.js'

const STREAMS = scaled(5_000)
/** What is in the log of each stream when the memory is looked at, at least: one word a second. */
const WORDS = scaled(100)
const MOST_BYTES = 40_000

/** What a stream needs while it is open, and whether one process holds thousands of them. */
export const openStreams: Bench = {
  name: 'Many open streams',
  parts: ['SQLite'],
  run: async () => figuresOf(await repeated(holdOnce)),
}

/** In processes of their own: memory that one round took is not given back before the next. */
async function holdOnce(): Promise<Held> {
  const upstream = start('upstream.ts')
  // The one message that it sends.
  const [listening] = (await once(upstream, 'message')) as [Listening]
  const proxy = await startProxy(listening, NO_LIMITS_ENV)
  try {
    return await hold(proxy, (wish) => upstream.send(wish))
  } finally {
    await proxy.stop()
    upstream.disconnect()
  }
}

const start = (file: string, ...args: readonly number[]): ChildProcess =>
  fork(join(import.meta.dirname, '../open-streams', file), args.map(String), {
    execArgv: ['--import', 'tsx'],
  })

interface Held {
  readonly opened: number
  readonly refused: number
  readonly whole: number
  /** Of the process, for each stream; the most while all were open. */
  readonly bytes: number
}

async function hold(proxy: Measured, wish: (wish: Wish) => void): Promise<Held> {
  const before = proxy.memory()
  const readers = start('readers.ts', proxy.port, STREAMS)
  const ended = told(readers, 'ended')
  const { count, refused } = await told(readers, 'open')
  wish('talk')
  let most = 0
  for (let second = 0; second < WORDS; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    most = Math.max(most, proxy.memory())
  }
  wish('end')
  const { whole } = await ended
  return { opened: count, refused, whole, bytes: (most - before) / STREAMS }
}

const told = <K extends Told['kind']>(child: ChildProcess, kind: K): Promise<Extract<Told, { kind: K }>> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: Told) => {
      // The kind says which of them it is.
      if (message.kind === kind) resolve(message as Extract<Told, { kind: K }>)
    })
    child.once('exit', () => reject(new Error('The readers are gone.')))
  })

function figuresOf(rounds: readonly Held[]): readonly Figure[] {
  const all = STREAMS.toLocaleString('en')
  const memory = rounds.map(({ bytes }) => bytes / 1000)
  const sum = (of: (round: Held) => number): number => rounds.reduce((total, round) => total + of(round), 0)
  const [refused, cut] = [sum((one) => one.refused), sum(({ opened, whole }) => opened - whole)]
  return [
    {
      name: `Memory of the proxy per open stream, ${all} streams, ${WORDS} tokens in the log of each`,
      today: 'nginx 17.5 kB, which keeps no log; plain node:http 49; Portkey 92',
      target: '≤ 40 kB',
      measured: spread(memory, 'kB', 1),
      met: median(memory) <= MOST_BYTES / 1000,
    },
    {
      name: `Streams held by one process: not opened, opened and not told whole, ${rounds.length} times`,
      today: 'Portkey: 420 of 5,000 never connected',
      target: `0, 0 of ${all}`,
      measured: `${refused}, ${cut} of ${(rounds.length * STREAMS).toLocaleString('en')}`,
      met: refused === 0 && cut === 0,
    },
  ]
}
