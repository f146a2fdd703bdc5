import { DONE, type ChatCompletionChunk } from '@colloquy/chat-core/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ModelError } from '../../domain/model-error.js'
import { answering, USAGE } from '../../application/testing/scripted-model.js'
import { expectError } from './testing/expect-error.js'
import { readAll } from './testing/answer.js'
import { ByteReader, createHttpWorld, type Call, type HttpWorld } from './testing/http-world.js'

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld()
  await world.conversation()
})
afterEach(() => world.close())

const MESSAGES = '/api/v1/conversations/c_00001/messages'
const EVENTS = '/api/v1/runs/run_01/events'

const openSend = (call: Call = {}, query = '') =>
  world.open(`${MESSAGES}${query}`, {
    method: 'POST',
    body: { content: 'Hello?', run_id: 'run_01', message_id: 'mine_q', answer_id: 'mine_a' },
    ...call,
    headers: { accept: 'text/event-stream', ...call.headers },
  })

const reader = async (call?: Call): Promise<ByteReader> => new ByteReader(await openSend(call))

/** The events of a stream, heartbeats and other comments left out. */
const eventsIn = (text: string): { id: string; data: string }[] =>
  text.split('\n\n').flatMap((block) => {
    const match = /^id: ([^\r\n]*)\ndata: ([^\r\n]*)$/.exec(block)
    return match ? [{ id: match[1] ?? '', data: match[2] ?? '' }] : []
  })

const chunksIn = (text: string): (ChatCompletionChunk & { error?: unknown })[] =>
  eventsIn(text).flatMap(({ data }) => (data === DONE ? [] : [JSON.parse(data)]))

describe('the bytes of a stream', () => {
  test('are exactly those of the contract', async () => {
    world.model.script = answering('Hel', 'lo.')
    const response = await openSend()
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-request-id': expect.stringMatching(/./),
    })
    const { text } = await readAll(response)
    const head =
      '{"id":"chatcmpl-run_01","object":"chat.completion.chunk","created":1767225600,"model":"scripted-1",'
    const ids =
      '"run_id":"run_01","conversation_id":"c_00001","user_message_id":"mine_q","message_id":"mine_a"'
    const delta = (json: string, reason: string): string =>
      `${head}"choices":[{"index":0,"delta":${json},"finish_reason":${reason}}]}`
    const usage = '{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}'
    expect(text).toBe(
      ': ok\nretry: 1000\n\n' +
        [
          delta('{"role":"assistant","content":""}', 'null'),
          `${head}"choices":[],"colloquy":{${ids},"title":"Hello?"}}`,
          delta('{"content":""}', 'null'),
          delta('{"content":"Hel"}', 'null'),
          delta('{"content":"lo."}', 'null'),
          delta('{}', '"stop"'),
          `${head}"choices":[],"usage":${usage},"colloquy":{${ids},"status":"completed"}}`,
          '[DONE]',
        ]
          .map((data, index) => `id: run_01.${index + 1}\ndata: ${data}\n\n`)
          .join(''),
    )
  })

  test('start at once, before the model says a word', async () => {
    const stream = await reader()
    const call = await world.model.nextCall()
    expect(await stream.until('"title"')).toMatch(/^: ok\nretry: 1000\n\nid: run_01\.1\n/)
    call.say('x').end()
    await stream.end()
  })

  test('hold a heartbeat every ten seconds from the beginning, with the newest number', async () => {
    const stream = await reader()
    const call = await world.model.nextCall()
    await stream.until('"title"')
    await world.clock.advanceAsync(9_999)
    expect(stream.text).not.toContain(': hb')
    await world.clock.advanceAsync(1)
    await stream.until(': hb 2\n\n')
    call.say('Hello.')
    await stream.until('Hello.')
    await world.clock.advanceAsync(10_000)
    await stream.until(': hb 4\n\n')
    call.end()
    const text = await stream.end()
    expect(text.match(/: hb/g)).toHaveLength(2)
  })

  test('begin with 2 KB of comment where that is asked for', async () => {
    world.model.script = answering('Hello.')
    const { text } = await readAll(await openSend({}, '?padding=1'))
    const padding = text.slice(0, text.indexOf('\n'))
    expect(padding).toMatch(/^: +$/)
    expect(padding.length).toBeGreaterThanOrEqual(2048)
    expect(eventsIn(text)).toHaveLength(7)
    const again = await world.call(`${EVENTS}?padding=1`)
    expect(eventsIn(again.text)).toEqual(eventsIn(text))
  })

  test('keep every character of the text', async () => {
    const pieces = ['🙂 a\nb\r\n', '\u2028 "quoted" \\', 'data: x\n\nid: 9', '\ud83d', '\ude42']
    world.model.script = answering(...pieces)
    const { text } = await readAll(await openSend())
    const content = chunksIn(text).map(({ choices }) => choices[0]?.delta.content ?? '')
    expect(content.join('')).toBe(pieces.join(''))
    expect(eventsIn(text)).toHaveLength(11)
  })
})

describe('how a run ended', () => {
  test('badly is told to our client and to any OpenAI client', async () => {
    world.model.script = (call) => call.say('Half').fail(new ModelError('broken', 'secret words'))
    const { text } = await readAll(await openSend())
    const last = chunksIn(text).at(-1)
    expect(last).toMatchObject({
      choices: [],
      usage: null,
      colloquy: { status: 'failed', error: { code: 'upstream_broken', retryable: true } },
      error: { code: 'upstream_broken', type: 'upstream_error', message: expect.any(String) },
    })
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
    expect(text).not.toContain('secret words')
    expect(text).not.toContain('"finish_reason":"stop"')
  })

  test('by a stop from anywhere is told to its readers', async () => {
    const stream = await reader()
    const call = await world.model.nextCall()
    call.say('Half')
    await stream.until('Half')
    const stopped = await world.call('/api/v1/runs/run_01/stop', { method: 'POST' })
    expect(stopped.json()).toMatchObject({ status: 'stopped' })
    expect(call.signal.aborted).toBe(true)
    const text = await stream.end()
    expect(chunksIn(text).at(-1)).toMatchObject({ colloquy: { status: 'stopped' } })
    expect(chunksIn(text).at(-1)).not.toHaveProperty('error')
    expect((await world.call('/api/v1/runs/run_01')).json()).toMatchObject({ message: { content: 'Half' } })
  })
})

describe('attaching', () => {
  test('with the same run id gives the same events and calls the model once', async () => {
    const first = await reader()
    const call = await world.model.nextCall()
    call.say('Hel')
    await first.until('"Hel"')
    const second = await reader()
    call.say('lo.').end('stop', USAGE)
    const [one, two] = await Promise.all([first.end(), second.end()])
    expect(eventsIn(two)).toEqual(eventsIn(one))
    const third = await readAll(await openSend())
    expect(eventsIn(third.text)).toEqual(eventsIn(one))
    expect(world.model.calls).toHaveLength(1)
  })

  test('a hundred times at once is one run', async () => {
    world.model.script = answering('Hello.')
    const responses = await Promise.all(Array.from({ length: 100 }, () => openSend()))
    const texts = await Promise.all(responses.map(async (response) => (await readAll(response)).text))
    expect(new Set(texts.map((text) => JSON.stringify(eventsIn(text)))).size).toBe(1)
    expect(world.model.calls).toHaveLength(1)
  })

  test('through JSON waits for the run that a stream began', async () => {
    const stream = await reader()
    const call = await world.model.nextCall()
    const json = openSend({ headers: { accept: 'application/json' } })
    call.say('Hello.').end()
    expect((await readAll(await json)).json()).toMatchObject({ message: { content: 'Hello.' } })
    await stream.end()
    expect(world.model.calls).toHaveLength(1)
  })
})

describe('a line that drops', () => {
  test('does not end the run, which is read on from the cursor', async () => {
    const stream = await reader()
    const call = await world.model.nextCall()
    call.say('Hel')
    const seen = await stream.until('"Hel"')
    stream.response.destroy()
    await stream.end()
    call.say('lo.').end()
    expect(await world.ended('run_01')).toMatchObject({ status: 'completed', content: 'Hello.' })
    const cursor = eventsIn(seen).at(-1)?.id ?? ''
    const byHeader = await world.call(EVENTS, { headers: { 'last-event-id': cursor } })
    const byQuery = await world.call(`${EVENTS}?after=${cursor}`)
    const ids = eventsIn(byHeader.text).map(({ id }) => id)
    expect(ids).toEqual(['run_01.5', 'run_01.6', 'run_01.7', 'run_01.8'])
    expect(eventsIn(byQuery.text)).toEqual(eventsIn(byHeader.text))
  })

  test('leaves no reader and no timer behind', async () => {
    const stream = await reader()
    const call = await world.model.nextCall()
    await stream.until('"title"')
    stream.response.destroy()
    await stream.end()
    call.say('x').end()
    await world.ended('run_01')
    await expect.poll(() => world.clock.pending).toBe(1)
  })

  test('from every cursor the whole answer comes together', async () => {
    world.model.script = answering('One ', 'two ', 'three.')
    const whole = eventsIn((await readAll(await openSend())).text)
    for (let seq = 0; seq < whole.length; seq += 1) {
      const { text } = await world.call(`${EVENTS}?after=run_01.${seq}`)
      expect(eventsIn(text)).toEqual(whole.slice(seq))
    }
  })

  test.each(['nonsense', 'run_01.99', 'run_99.1', 'run_01.9'])(
    'the cursor "%s" is answered with a snapshot',
    async (cursor) => {
      world.model.script = answering('One ', 'two ', 'three.')
      await readAll(await openSend())
      const { text } = await world.call(EVENTS, { headers: { 'last-event-id': cursor } })
      const events = eventsIn(text)
      expect(events.map(({ id }) => id)).toEqual(['run_01.9', 'run_01.9'])
      expect(chunksIn(text)).toMatchObject([
        {
          choices: [],
          usage: USAGE,
          colloquy: {
            run_id: 'run_01',
            message_id: 'mine_a',
            status: 'completed',
            resync: { content: 'One two three.' },
          },
        },
      ])
      expect(events[1]?.data).toBe(DONE)
    },
  )
})

describe('a slow reader', () => {
  test('gets everything, and costs no memory meanwhile', async () => {
    const piece = 'x'.repeat(16 * 1024)
    const pieces = 2_000
    const response = await openSend()
    const call = await world.model.nextCall()
    response.pause()
    for (let i = 0; i < pieces; i += 1) call.say(piece)
    call.end()
    await world.ended('run_01')
    // A heartbeat is due, and the client takes nothing: it must not pile up.
    for (let i = 0; i < 50; i += 1) await world.clock.advanceAsync(10_000)
    expect(world.waitingBytes()).toBeLessThanOrEqual(256 * 1024)
    const { text } = await readAll(response)
    const total = chunksIn(text).reduce(
      (sum, { choices }) => sum + (choices[0]?.delta.content?.length ?? 0),
      0,
    )
    expect(total).toBe(piece.length * pieces)
    expect(text.match(/: hb/g) ?? []).toHaveLength(0)
  })
})

test('an unknown run is refused before a stream begins', async () => {
  expectError(await world.call('/api/v1/runs/run_99/events'), 'NotFoundError')
})
