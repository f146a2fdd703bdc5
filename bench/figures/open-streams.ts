import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { NO_LIMITS_ENV } from '../../packages/chat-proxy/test/support/no-limits.js'
import { scaled, type Bench, type Figure } from '../figure.js'
import type { Told } from '../open-streams/messages.js'
import { startProxy, startUpstream, type Measured } from '../proxy-cost/processes.js'

const STREAMS = scaled(5_000)
/** Of each answer: half a page, one word every half second. */
const TOKENS = 300
const INTERVAL_MS = 500
const MOST_BYTES = 40_000

/** What a stream needs while it is open, and whether one process holds thousands of them. */
export const openStreams: Bench = {
  name: 'Many open streams',
  async run() {
    const upstream = await startUpstream(TOKENS, INTERVAL_MS)
    const proxy = await startProxy(upstream, NO_LIMITS_ENV)
    try {
      return figuresOf(await hold(proxy))
    } finally {
      await proxy.stop()
      await upstream.stop()
    }
  },
}

interface Held {
  readonly opened: number
  readonly refused: number
  readonly whole: number
  /** Of the process, for each stream; the most while all were open, and none had ended. */
  readonly bytes: number
}

async function hold(proxy: Measured): Promise<Held> {
  const before = proxy.memory()
  const args = [`${proxy.port}`, `${STREAMS}`, `${TOKENS}`]
  const readers = fork(join(import.meta.dirname, '../open-streams/readers.ts'), args, {
    execArgv: ['--import', 'tsx'],
  })
  const ended = told(readers, 'ended')
  const { count, refused } = await told(readers, 'open')
  let most = 0
  const look = (): void => void (most = Math.max(most, proxy.memory()))
  const looking = setInterval(look, 1_000)
  look()
  const { whole } = await ended
  clearInterval(looking)
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
      name: `Memory of the proxy per open stream, ${all} streams, ${TOKENS} tokens in the log of each at the end`,
      today: 'nginx 17.5 kB, which keeps no log; plain node:http 49; Portkey 92',
      target: '≤ 40 kB',
      measured: `${(bytes / 1000).toFixed(1)} kB`,
      met: bytes <= MOST_BYTES,
    },
    {
      name: `Streams held by one process: not opened, opened and not told to the end`,
      today: 'Portkey: 420 of 5,000 never connected',
      target: `0, 0 of ${all}`,
      measured: `${refused}, ${opened - whole} of ${all}`,
      met: refused === 0 && whole === STREAMS,
    },
  ]
}
