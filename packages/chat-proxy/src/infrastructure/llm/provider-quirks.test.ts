import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from '../time/testing/fake-clock.js'
import { OpenAiModel } from './openai-model.js'
import { FaultServer, sse } from './testing/fault-server.js'
import { PROVIDER_QUIRKS, type ProviderQuirk } from './testing/provider-quirks.js'
import { RecordingSink } from './testing/recording-sink.js'

const never = new AbortController().signal

let server: FaultServer
let clock: FakeClock
beforeEach(async () => {
  server = await FaultServer.open()
  clock = new FakeClock()
})
afterEach(() => server.close())

/** Strings that are no last word are bytes as they stand. */
const bytesOf = ({ events }: ProviderQuirk): Buffer =>
  Buffer.from(
    events.map((event) => (typeof event === 'string' && event !== '[DONE]' ? event : sse(event))).join(''),
  )

/** Has the provider send these pieces, each on its own, and says what became of them. */
async function hear(pieces: readonly Uint8Array[]): Promise<{ sink: RecordingSink; outcome: string }> {
  server.answer(async (exchange) => {
    exchange.open()
    for (const piece of pieces) await exchange.write(piece)
    exchange.response.end()
  })
  const sink = new RecordingSink()
  const model = new OpenAiModel({
    provider: 'quirky',
    baseUrl: server.baseUrl,
    apiKey: null,
    model: 'some-model',
    clock,
  })
  const outcome = await model.generate({ messages: [] }, sink, never).then(
    () => 'completed',
    (error: { code: string }) => error.code,
  )
  return { sink, outcome }
}

const MADE_ID = /^call_[0-9a-f-]{36}$/

function expectMeaning(
  quirk: ProviderQuirk,
  { sink, outcome }: { sink: RecordingSink; outcome: string },
): void {
  expect({
    outcome,
    text: sink.text,
    reasoning: sink.thoughts,
    toolCalls: sink.wholeToolCalls.map((call) => (MADE_ID.test(call.id) ? { ...call, id: '' } : call)),
    finishes: sink.finishes,
    usages: sink.usages,
  }).toEqual({
    outcome: quirk.isBroken ? 'broken' : 'completed',
    text: quirk.text ?? '',
    reasoning: quirk.reasoning ?? '',
    toolCalls: quirk.toolCalls ?? [],
    finishes: quirk.finish ? [quirk.finish] : [],
    usages: quirk.usage ? [quirk.usage] : [],
  })
  expect(new Set(sink.wholeToolCalls.map(({ id }) => id)).size).toBe(sink.wholeToolCalls.length)
  expect(sink.toolCalls.every(({ id, name }) => id !== '' && name !== '')).toBe(true)
}

describe('what providers send', () => {
  test.each(PROVIDER_QUIRKS)('$name', async (quirk) => {
    const bytes = bytesOf(quirk)
    expectMeaning(quirk, await hear([bytes]))
    const middle = Math.floor(bytes.length / 2)
    expectMeaning(quirk, await hear([bytes.subarray(0, middle), bytes.subarray(middle)]))
  })

  test.each(PROVIDER_QUIRKS)('$name, event by event', async (quirk) => {
    const events = quirk.events.map((event) => bytesOf({ ...quirk, events: [event] }))
    expectMeaning(quirk, await hear(events))
  })
})
