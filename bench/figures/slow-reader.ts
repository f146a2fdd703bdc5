import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { median, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'
import type { Finished, Held, Listening, Told } from '../slow-reader/messages.js'

const READERS = 32
const WORDS = scaled(20_000)
const MOST_BYTES = 256 * 1024
/** How much later than behind quick readers the model may have said everything. */
const MOST_DELAY = 0.05

/** What clients that do not read cost the proxy, and the model that answers them. */
export const slowReader: Bench = {
  name: 'Slow readers behind a fast model',
  parts: ['SQLite'],
  async run() {
    const model = start('model.ts', [WORDS])
    const proxy = start('proxy.ts', [await listening(model)], ['--expose-gc'])
    const at = { model, proxy, port: await listening(proxy) }
    try {
      await round(at, 'quick')
      return figuresOf(
        await repeated(async () => ({ quick: await round(at, 'quick'), slow: await round(at, 'slow') })),
      )
    } finally {
      proxy.disconnect()
      await once(proxy, 'exit')
      model.disconnect()
    }
  },
}

interface Round {
  /** What is held for each reader more than before the round, its log included, when the model has said everything. */
  readonly bytes: number
  /** How long the slowest answer took the model. */
  readonly ms: number
  readonly whole: number
}

interface Place {
  readonly model: ChildProcess
  readonly proxy: ChildProcess
  readonly port: number
}

async function round({ model, proxy, port }: Place, kind: 'quick' | 'slow'): Promise<Round> {
  const before = await heldBy(proxy)
  const readers = start('readers.ts', [port, READERS, WORDS, kind])
  const ended = told(readers, 'ended')
  const times = await finished(model)
  // The last words are on their way.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const held = await heldBy(proxy)
  if (kind === 'slow') readers.send('go on')
  const { whole } = await ended
  return { bytes: (held - before) / READERS, ms: Math.max(...times), whole }
}

function finished(model: ChildProcess): Promise<readonly number[]> {
  const times: number[] = []
  return new Promise((resolve) => {
    const note = ({ ms }: Finished): void => {
      times.push(ms)
      if (times.length < READERS) return
      model.off('message', note)
      resolve(times)
    }
    model.on('message', note)
  })
}

async function heldBy(proxy: ChildProcess): Promise<number> {
  const answer = once(proxy, 'message')
  proxy.send('how much?')
  // The one message that it sends then.
  const [{ bytes }] = (await answer) as [Held]
  return bytes
}

const start = (
  file: string,
  args: readonly (number | string)[],
  options: readonly string[] = [],
): ChildProcess =>
  fork(join(import.meta.dirname, '../slow-reader', file), args.map(String), {
    execArgv: [...options, '--import', 'tsx'],
  })

async function listening(child: ChildProcess): Promise<number> {
  // The first message that it sends.
  const [{ port }] = (await once(child, 'message')) as [Listening]
  return port
}

const told = <K extends Told['kind']>(child: ChildProcess, kind: K): Promise<Extract<Told, { kind: K }>> =>
  new Promise((resolve, reject) => {
    child.on('message', (message: Told) => {
      // The kind says which of them it is.
      if (message.kind === kind) resolve(message as Extract<Told, { kind: K }>)
    })
    child.once('exit', () => reject(new Error('The readers are gone.')))
  })

function figuresOf(rounds: readonly { readonly quick: Round; readonly slow: Round }[]): readonly Figure[] {
  const held = rounds.map(({ quick, slow }) => (slow.bytes - quick.bytes) / 1024)
  const delay = rounds.map(({ quick, slow }) => (slow.ms / quick.ms - 1) * 100)
  const each = (kind: 'quick' | 'slow', of: (round: Round) => number, unit: string, digits: number): string =>
    spread(
      rounds.map((one) => of(one[kind])),
      unit,
      digits,
    )
  const kB = (kind: 'quick' | 'slow'): string => each(kind, ({ bytes }) => bytes / 1024, 'kB', 0)
  const seconds = (kind: 'quick' | 'slow'): string => each(kind, ({ ms }) => ms / 1000, 's', 1)
  const missed = rounds.reduce((sum, { slow }) => sum + READERS - slow.whole, 0)
  const answers = `${READERS} answers of ${WORDS.toLocaleString('en')} tokens`
  return [
    {
      name: `Held for a reader that does not read, beyond the log that its run has anyway, ${answers}; with the log; the same behind a quick reader`,
      today: "OpenAI's sample +130 MB",
      target: '≤ 256 kB',
      measured: `${spread(held, 'kB', 0)}; ${kB('slow')}; ${kB('quick')}`,
      met: median(held) <= MOST_BYTES / 1024,
    },
    {
      name: 'How much longer the model needs behind slow readers; its slowest answer there, and behind quick ones',
      today: 'none states it',
      target: `≤ ${MOST_DELAY * 100} %`,
      measured: `${spread(delay, '%', 1)}; ${seconds('slow')}; ${seconds('quick')}`,
      met: median(delay) <= MOST_DELAY * 100,
    },
    {
      name: 'Slow readers that go on and miss something of their answer',
      today: 'none states it',
      target: '0',
      measured: `${missed} of ${rounds.length * READERS}`,
      met: missed === 0,
    },
  ]
}
