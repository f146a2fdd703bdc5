import { createChatClient } from '@colloquy/chat-core'
import { createFakePlatform, ScriptedProxy, type RequestFault } from '@colloquy/chat-core/testing'
import { scaled, type Bench, type Figure } from '../figure.js'

const HEARTBEAT_MS = 10_000
const HOUR_MS = 3_600_000
/** Beyond the end of the scripted answer's stream. */
const STREAM_BYTES = 2600
const WORDS = ['One ', 'two ', 'three ', 'four ', 'five ', 'six.']

/** How soon a silent line is noticed, and that a silent model on a living line is none; in fake time, so to the millisecond. */
export const silence: Bench = {
  name: 'Silent lines',
  run: async () => [await stallNoticed(), await idleHour()],
}

/** Streams that fall silent after each number of bytes, the first not excepted. */
async function stallNoticed(): Promise<Figure> {
  const count = scaled(STREAM_BYTES)
  let longest = 0
  let wrong = 0
  for (let index = 0; index < count; index += 1) {
    const noticed = await timeToNotice(Math.floor((index * STREAM_BYTES) / count))
    if (noticed === null) wrong += 1
    else longest = Math.max(longest, noticed)
  }
  const heartbeats = longest / HEARTBEAT_MS
  return {
    name: `stall noticed, longest of ${count}, at every byte of a stream`,
    today: '–',
    target: '≤ 2.5 heartbeats',
    measured: `${heartbeats.toFixed(2)} heartbeats${wrong > 0 ? `, ${wrong} answers not whole` : ''}`,
    met: heartbeats <= 2.5 && wrong === 0,
  }
}

/** @returns milliseconds from the last byte to the end of the connection; 0 when nothing was left to come, `null` when the answer is not whole in the end */
async function timeToNotice(at: number): Promise<number | null> {
  const { platform, proxy, lines, client } = scene(50, (count) =>
    count === 1 ? { kind: 'stall', at } : null,
  )
  const outcome = client.send('Question')
  await platform.settle()
  client.destroy()
  const { message } = await outcome
  if (message.content !== WORDS.join('') || proxy.generations !== 1) return null
  const [first, second] = lines
  return first && second ? first.endedAt - first.lastByteAt : 0
}

/** The model says nothing for an hour, the server's heartbeats come. */
async function idleHour(): Promise<Figure> {
  const { platform, lines, client } = scene(HOUR_MS, () => null)
  let alarms = 0
  client.subscribe(() => {
    if (client.getSnapshot().phase === 'reconnecting') alarms += 1
  })
  void client.send('Question')
  await platform.advance(HOUR_MS - 1000)
  const isReading = client.getSnapshot().phase === 'streaming'
  client.destroy()
  const falseAlarms = alarms + lines.length - 1
  return {
    name: 'false alarms in an idle hour of fake time',
    today: '–',
    target: '0',
    measured: isReading ? String(falseAlarms) : 'the stream was given up',
    met: isReading && falseAlarms === 0,
  }
}

/** One request about a run. Times of the fake clock. */
interface Line {
  /** When it was asked, as long as no byte came. */
  lastByteAt: number
  /** When the client let go of it. */
  endedAt: number
}

/** A client and a server whose requests about runs are timed. */
function scene(gapMs: number, fault: (count: number) => RequestFault | null) {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform, words: () => WORDS, gapMs, heartbeatMs: HEARTBEAT_MS })
  const lines: Line[] = []
  proxy.fault = (request) => {
    if (!isAboutRun(request)) return null
    lines.push({ lastByteAt: platform.now(), endedAt: Infinity })
    return fault(lines.length)
  }
  const timed: typeof fetch = async (input, init) => {
    const response = await proxy.fetch(input, init)
    const line = lines.at(-1)
    if (!line || typeof input !== 'string' || !isAboutRun(input)) return response
    init?.signal?.addEventListener('abort', () => (line.endedAt = Math.min(line.endedAt, platform.now())))
    return watched(response, () => (line.lastByteAt = platform.now()))
  }
  const client = createChatClient({ baseUrl: 'https://chat.example', fetch: timed, platform })
  return { platform, proxy, lines, client }
}

const isAboutRun = (request: string): boolean => /\/messages|\/runs\//.test(request)

function watched(response: Response, onBytes: () => void): Response {
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onBytes()
      controller.enqueue(chunk)
    },
  })
  return new Response(response.body?.pipeThrough(watch) ?? null, response)
}
