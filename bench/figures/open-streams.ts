import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { scaled, type Bench, type Figure } from '../figure.js'
import type { Listening, Told, Wish } from '../open-streams/messages.js'
import { startProxy, type Measured } from '../proxy-cost/processes.js'

const STREAMS = scaled(5_000)
/** What is in the log of each stream when the memory is looked at, at least: one word a second. */
const WORDS = scaled(100)
const MOST_BYTES = 40_000

/** What a stream needs while it is open, and whether one process holds thousands of them. */
export const openStreams: Bench = {
  name: 'Many open streams',
  async run() {
    const upstream = start('upstream.ts')
    // The one message that it sends.
    const [listening] = (await once(upstream, 'message')) as [Listening]
    const proxy = await startProxy(listening, NO_LIMITS_ENV)
    try {
      return figuresOf(await hold(proxy, (wish) => upstream.send(wish)))
    } finally {
      await proxy.stop()
      upstream.disconnect()
    }
  },
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

function figuresOf({ opened, refused, whole, bytes }: Held): readonly Figure[] {
  const all = STREAMS.toLocaleString('en')
  return [
    {
      name: `Memory of the proxy per open stream, ${all} streams, ${WORDS} tokens in the log of each`,
      today: 'nginx 17.5 kB, which keeps no log; plain node:http 49; Portkey 92',
      target: '≤ 40 kB',
      measured: `${(bytes / 1000).toFixed(1)} kB`,
      met: bytes <= MOST_BYTES,
    },
    {
      name: 'Streams held by one process: not opened, opened and not told whole',
      today: 'Portkey: 420 of 5,000 never connected',
      target: `0, 0 of ${all}`,
      measured: `${refused}, ${opened - whole} of ${all}`,
      met: refused === 0 && whole === STREAMS,
    },
  ]
}
