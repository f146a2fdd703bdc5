import { createChatClient } from '@colloquy/chat-core'
import { ANSWER, Scene } from '../../packages/chat-proxy/test/durability/ask-through.js'
import { killRandomly } from '../../packages/chat-proxy/test/durability/random-kills.js'
import { Line } from '../../packages/chat-proxy/test/support/line.js'
import { cutAfter } from '../../packages/chat-proxy/test/support/relay-faults.js'
import { ScriptedModel } from '../../packages/chat-proxy/test/support/scripted-model.js'
import { serveProxy } from '../../packages/chat-proxy/test/support/served-proxy.js'
import { median, quantile, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'

const SEED = Number(process.env['SEED'] ?? 20_261_120)

/** chat-core against the real proxy, over real sockets that are cut. */
export const linesThatBreak: Bench = {
  name: 'Lines that break',
  parts: ['SQLite'],
  run: async () => [
    ...(await randomKills()),
    ...(await everyByte()),
    ...(await pairs()),
    dropToToken(await repeated(timeDrops, 5)),
  ],
}

async function randomKills(): Promise<readonly Figure[]> {
  const wanted = scaled(10_000)
  const report = await killRandomly(wanted, SEED)
  return [
    {
      name: `random kills in a row (seed ${SEED}): answers not byte-identical`,
      today: '–',
      target: `0 in ${wanted}`,
      measured: `${report.wrong.length} in ${report.kills} kills, ${report.sends} answers`,
      met: report.wrong.length === 0,
    },
    {
      name: 'upstream calls against sends',
      today: '–',
      target: 'equal',
      measured: `${report.calls} : ${report.sends}`,
      met: report.calls === report.sends,
    },
  ]
}

/** Length of the stream of one answer, in bytes; the cuts go a little beyond. */
const STREAM_BYTES = 16_000

async function everyByte(): Promise<readonly Figure[]> {
  const cuts = Array.from({ length: scaled(STREAM_BYTES) }, (_, index) => [
    1 + Math.floor((index * STREAM_BYTES) / scaled(STREAM_BYTES)),
  ])
  return [await wrongAfter('a 2 kB answer cut at every byte', cuts)]
}

async function pairs(): Promise<readonly Figure[]> {
  const places = Array.from(
    { length: scaled(200) },
    (_, index) => 1 + index * Math.floor(STREAM_BYTES / scaled(200)),
  )
  const cuts = places.flatMap((first, index) =>
    places.slice(index).map((second) => [first, second - first + 1]),
  )
  return [await wrongAfter('the same cut at every pair of 200 places', cuts)]
}

/** Asks one question per list of cuts; each connection is cut after its number of bytes. */
async function wrongAfter(name: string, lists: readonly (readonly number[])[]): Promise<Figure> {
  const scene = await Scene.open()
  let wrong = 0
  for (const cuts of lists) {
    const { message, generations } = await scene.ask((count) => {
      const at = cuts[count - 1]
      return at === undefined ? null : cutAfter(at, count % 2 === 0 ? 'end' : 'reset')
    })
    if (message.content !== ANSWER || generations !== 1) wrong += 1
  }
  await scene.close()
  return {
    name,
    today: '–',
    target: '0 wrong',
    measured: `${wrong} wrong in ${lists.length} answers`,
    met: wrong === 0,
  }
}

/** An answer that lasts as long as the measurement. */
function* endlessly(): Generator<string> {
  for (;;) yield 'word '
}

const DROPS = scaled(200)

function dropToToken(rounds: readonly (readonly number[])[]): Figure {
  const p95 = rounds.map((samples) => quantile(samples, 0.95))
  return {
    name: `drop → next token on loopback, p95 of ${DROPS}`,
    today: '–',
    target: '≤ 50 ms',
    measured: spread(p95, 'ms', 1),
    met: median(p95) <= 50,
  }
}

/** @returns milliseconds from the drop of a connection to the next token on the new one */
async function timeDrops(): Promise<readonly number[]> {
  const model = new ScriptedModel(endlessly)
  const served = await serveProxy(model)
  const line = await Line.open(() => served.port)
  const samples: number[] = []
  const client = createChatClient({ baseUrl: line.url })
  let dropped = 0
  line.nextCut = () => ({ kind: 'reset', afterBytes: 30_000 })
  let cuts = 0
  let length = 0
  const watch = (): void => {
    const text = client.getSnapshot().messages.at(-1)?.content.length ?? 0
    if (dropped > 0 && text > length) {
      samples.push(performance.now() - dropped)
      dropped = 0
    }
    length = text
    if (line.cuts > cuts) {
      cuts = line.cuts
      dropped = performance.now()
    }
  }
  const timer = setInterval(watch, 1)
  const answer = client.send('go')
  while (samples.length < DROPS) await new Promise((resolve) => setTimeout(resolve, 5))
  line.nextCut = () => null
  await client.stop()
  await answer
  clearInterval(timer)
  client.destroy()
  await line.close()
  await served.close()
  return samples.slice(0, DROPS)
}
