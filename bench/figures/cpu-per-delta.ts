import { browserPlatform, createChatClient, type ChatClient } from '@colloquy/chat-core'
import { createHistory, createMemoryStorage } from '@colloquy/chat-core/history'
import { median, quantile, spread, spreadOf, type Bench, type Figure } from '../figure.js'
import { aiSdkDelta } from '../peers/ai-sdk-delta.js'
import { cpuOf, streamOf } from '../peers/answer-stream.js'
import { named } from '../peers/bundles.js'

const DELTAS = 20_000
const ROUNDS = 15

/** What chat-core itself costs per streamed delta: bytes in, snapshot out, one event a chunk as it comes off a socket. */
export const cpuPerDelta: Bench = {
  name: 'CPU per delta in chat-core',
  async run() {
    const floor: number[] = []
    const empty: number[] = []
    const long: number[] = []
    const perFrame: number[] = []
    const peer = { empty: [] as number[], long: [] as number[] }
    await measure(0)
    await aiSdkDelta(DELTAS, 0)
    for (let round = 0; round < ROUNDS; round += 1) {
      floor.push(await measureFloor())
      const bare = await measure(0)
      empty.push(bare.microseconds)
      perFrame.push(bare.notifications / bare.frames)
      long.push((await measure(1000)).microseconds)
      peer.empty.push(await aiSdkDelta(DELTAS, 0))
      peer.long.push(await aiSdkDelta(DELTAS, 1000))
    }
    const server = median(floor)
    const over = (samples: readonly number[]): readonly number[] => samples.map((each) => each - server)
    const theirs = (samples: readonly number[]): string =>
      spreadOf(named('@ai-sdk/react'), over(samples), 'µs')
    const growth = (short: readonly number[], after: readonly number[]): readonly number[] =>
      over(after).map((each, round) => (each / (over(short)[round] ?? Number.NaN) - 1) * 100)
    const theirGrowth = spreadOf(named('@ai-sdk/react'), growth(peer.empty, peer.long), '%')
    return [
      figure('CPU per delta, no history', theirs(peer.empty), over(empty), [4, 'µs']),
      figure('CPU per delta, 1,000 messages of history', theirs(peer.long), over(long), [4, 'µs']),
      figure('growth from 0 to 1,000 messages', theirGrowth, growth(empty, long), [10, '%']),
      mostOf('notifications per frame', '–', perFrame, 1),
    ]
  },
}

const figure = (
  name: string,
  today: string,
  rounds: readonly number[],
  [limit, unit]: readonly [number, string],
): Figure => ({
  name,
  today,
  target: `≤ ${limit} ${unit}`,
  measured: spread(rounds, unit),
  met: median(rounds) <= limit,
})

/** A promise for each of them. */
function mostOf(name: string, today: string, rounds: readonly number[], limit: number): Figure {
  const most = quantile(rounds, 1)
  return { name, today, target: `≤ ${limit}`, measured: most.toFixed(2), met: most <= limit }
}

async function measure(
  history: number,
): Promise<{ microseconds: number; notifications: number; frames: number }> {
  const client = await clientWith(history)
  let notifications = 0
  const started = performance.now()
  client.subscribe(() => {
    notifications += 1
    client.getSnapshot()
  })
  let length = 0
  const used = await cpuOf(async () => {
    length = (await client.send('go')).message.content.length
  })
  // The core's frame where nothing is painted; one more each for the question, the first word and the end.
  const frames = (performance.now() - started) / 16 + 3
  client.destroy()
  if (length !== DELTAS * 5) throw new Error('The answer is not whole; the figure would mean nothing.')
  return { microseconds: used / DELTAS, notifications, frames }
}

/** What the stand-in server itself costs per chunk, which no client can avoid; taken off the figures. */
async function measureFloor(): Promise<number> {
  const reader = streamOf(
    framesFor({ run_id: 'r_floor', message_id: 'm_floor', answer_id: 'a_floor' }),
  ).getReader()
  const readAll = async (): Promise<void> => {
    while (!(await reader.read()).done);
  }
  return (await cpuOf(readAll)) / DELTAS
}

async function clientWith(history: number): Promise<ChatClient> {
  const storage = createMemoryStorage()
  await storage.write(
    Array.from({ length: history }, (_, index) => ({
      put: 'messages' as const,
      record: {
        id: `m_${index}`,
        conversationId: 'c_bench',
        position: index,
        role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
        content: 'A message of some length, as people write them. '.repeat(4),
        status: index % 2 === 0 ? ('sent' as const) : ('done' as const),
        createdAt: index,
        parentId: index === 0 ? null : `m_${index - 1}`,
        runId: null,
      },
    })),
  )
  // Ids that are known beforehand, so that the frames can be made before the clock runs.
  const platform = { ...browserPlatform(), newId: (prefix: string): string => `${prefix}_bench` }
  const frames = framesFor({ run_id: 'r_bench', message_id: 'm_bench', answer_id: 'a_bench' })
  const client = createChatClient({
    baseUrl: 'http://bench.invalid',
    fetch: scriptedFetch(frames),
    platform,
    parts: { history: createHistory({ storage }) },
  })
  await client.history.open('c_bench')
  if (client.getSnapshot().messages.length !== history) throw new Error('The history was not loaded.')
  return client
}

/** A server in this process that costs as little as can be: all frames are made beforehand. */
function scriptedFetch(frames: readonly Uint8Array[]): typeof fetch {
  return async (input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (pathname.endsWith('/chat/start')) return Response.json(SESSION, { status: 201 })
    if (pathname.endsWith('/conversations')) return Response.json({}, { status: 201 })
    if (!pathname.endsWith('/messages')) return Response.json({ error: 'away' }, { status: 500 })
    return new Response(streamOf(frames), { headers: { 'content-type': 'text/event-stream' } })
  }
}

const SESSION = {
  token: 't',
  expires_at: new Date(Date.now() + 3_600_000).toISOString(),
  visitor_id: 'v',
  tenant: 'default',
  greeting: '',
  suggestions: [],
  features: { demo: false },
  limits: { max_message_chars: 8000, heartbeat_seconds: 10 },
}

function framesFor(body: { run_id: string; message_id: string; answer_id: string }): Uint8Array[] {
  const encoder = new TextEncoder()
  const head = { id: `chatcmpl-${body.run_id}`, object: 'chat.completion.chunk', created: 1, model: 'm' }
  const ids = {
    run_id: body.run_id,
    conversation_id: 'c_bench',
    user_message_id: body.message_id,
    message_id: body.answer_id,
  }
  const choice = (delta: object): object[] => [{ index: 0, delta, finish_reason: null }]
  const parts: object[] = [{ choices: choice({ role: 'assistant' }) }, { choices: [], colloquy: ids }]
  for (let count = 0; count < DELTAS; count += 1) parts.push({ choices: choice({ content: 'word ' }) })
  parts.push({ choices: [], colloquy: { ...ids, status: 'completed' } })
  return parts.map((part, index) =>
    encoder.encode(`id: ${body.run_id}.${index + 1}\ndata: ${JSON.stringify({ ...head, ...part })}\n\n`),
  )
}
