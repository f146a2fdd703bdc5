import { beforeEach, describe, expect, test } from 'vitest'
import { ModelError, type ModelErrorCode } from '../../../domain/model-error.js'
import { FakeClock } from '../../time/testing/fake-clock.js'
import { RecordingSink } from '../testing/recording-sink.js'
import { answers, fails, hangs, ScriptedProvider, type Turn } from '../testing/scripted-provider.js'
import { ModelChain, type ModelChainOptions } from './model-chain.js'

const request = { messages: [{ role: 'user', content: 'Hello?' }] } as const
const usage = (n: number) => ({ prompt_tokens: n, completion_tokens: n, total_tokens: 2 * n })

let clock: FakeClock
let first: ScriptedProvider
let second: ScriptedProvider
beforeEach(() => {
  clock = new FakeClock()
  first = new ScriptedProvider('first', clock, answers('Hi'))
  second = new ScriptedProvider('second', clock, answers('Hi from the second'))
})

const chain = (options: Partial<ModelChainOptions> = {}): ModelChain =>
  new ModelChain({
    providers: [
      { name: 'first', model: first },
      { name: 'second', model: second },
    ],
    clock,
    random: () => 0.5,
    ...options,
  })
const alone = (options: Partial<ModelChainOptions> = {}): ModelChain =>
  chain({ providers: [{ name: 'first', model: first }], ...options })

interface Told {
  readonly sink: RecordingSink
  readonly outcome: string
  readonly error: unknown
  /** Milliseconds it took. */
  readonly took: number
}

/** Asks, and lets all the time pass that the chain wants to wait. */
async function ask(
  model: ModelChain,
  sink = new RecordingSink(),
  signal = new AbortController().signal,
): Promise<Told> {
  const startedAt = clock.now()
  const told: Told[] = []
  const end = (outcome: string, error: unknown): void =>
    void told.push({ sink, outcome, error, took: clock.now() - startedAt })
  void model.generate(request, sink, signal).then(
    () => end('completed', null),
    (error: unknown) => end(error instanceof ModelError ? error.code : String(error), error),
  )
  for (let i = 0; i < 100 && told.length === 0; i++) await clock.advanceAsync(250)
  expect(clock.pending).toBe(0)
  return told[0] ?? expect.fail('The chain came to no end.')
}
const outcomesOf = ({ attempts }: RecordingSink): string[] =>
  attempts.map(({ provider, outcome }) => `${provider} ${outcome}`)

describe('a chain', () => {
  test('is called by the name of its first model', () => {
    expect(chain().name).toBe('first-model')
    expect(chain().isDemo).toBe(false)
  })

  test('says which models may answer', () => {
    expect(chain().candidates).toEqual(['first-model', 'second-model'])
  })

  test('leaves the second provider alone while the first answers', async () => {
    const { sink, outcome, took } = await ask(chain())
    expect([sink.text, outcome, took, second.calls]).toEqual(['Hi', 'completed', 0, 0])
    expect(sink.attempts).toEqual([
      {
        provider: 'first',
        model: 'first-model',
        outcome: 'completed',
        status: null,
        usage: null,
        startedAt: clock.now() - 250,
        endedAt: clock.now() - 250,
      },
    ])
  })

  test.each(['unavailable', 'timeout-connect'] as const)(
    'tries %s three times with a growing wait, then asks the next provider',
    async (code) => {
      first.will(fails(code, { status: 503 }))
      const { sink, outcome, took } = await ask(chain())
      expect([sink.text, outcome, took]).toEqual(['Hi from the second', 'completed', 250 + 500])
      expect(outcomesOf(sink)).toEqual([
        `first ${code}`,
        `first ${code}`,
        `first ${code}`,
        'second completed',
      ])
      expect(sink.attempts.map(({ status }) => status)).toEqual([503, 503, 503, null])
    },
  )

  test('is content when the second try works', async () => {
    first.will(fails('unavailable'), answers('Hi'))
    const { sink, outcome } = await ask(chain())
    expect([sink.text, outcome, second.calls]).toEqual(['Hi', 'completed', 0])
  })

  test('waits as long as the provider asks', async () => {
    first.will(fails('unavailable', { status: 429, retryAfter: 4_000 }), answers('Hi'))
    expect(await ask(chain())).toMatchObject({ outcome: 'completed', took: 4_250 })
  })

  test('does not wait too long: the next provider is asked, or the wait is handed on', async () => {
    first.will(fails('unavailable', { status: 429, retryAfter: 60_000 }))
    expect(await ask(chain())).toMatchObject({ outcome: 'completed', took: 0 })
    expect(await ask(alone())).toMatchObject({
      outcome: 'unavailable',
      took: 0,
      error: { retryAfter: 60_000 },
    })
  })

  test('asks the next provider at once when one rejects', async () => {
    first.will(fails('rejected', { status: 401 }))
    const { sink, outcome, took } = await ask(chain())
    expect([sink.text, outcome, took]).toEqual(['Hi from the second', 'completed', 0])
  })

  test.each(['broken', 'timeout-first-token', 'timeout-between-tokens'] as const)(
    'ends with %s, because the model may have run',
    async (code) => {
      first.will(fails(code))
      const { sink, outcome } = await ask(chain())
      expect([outcome, outcomesOf(sink), second.calls]).toEqual([code, [`first ${code}`], 0])
    },
  )

  test('makes one more try of an unknown outcome where the operator allows it', async () => {
    first.will(fails('broken'))
    const retry = { retryUnknown: true }
    expect((await ask(chain({ retry }))).sink.text).toBe('Hi from the second')
    second.will(fails('timeout-first-token'))
    const { sink, outcome } = await ask(chain({ retry }))
    expect(outcome).toBe('timeout-first-token')
    expect(outcomesOf(sink)).toEqual(['first broken', 'second timeout-first-token'])
    first.will(fails('broken'), answers('Hi'))
    expect(outcomesOf((await ask(alone({ retry }))).sink)).toEqual(['first broken', 'first completed'])
  })
})

describe('the failure that is told', () => {
  const after = async (one: Turn, two: Turn): Promise<Told> => {
    first.will(one)
    second.will(two)
    return ask(chain())
  }

  test('is rejected only when all rejected', async () => {
    const rejected = fails('rejected', { status: 400 })
    const unavailable = fails('unavailable', { status: 503 })
    expect(await after(rejected, fails('rejected', { status: 401 }))).toMatchObject({
      outcome: 'rejected',
      error: { status: 400 },
    })
    expect((await after(rejected, unavailable)).outcome).toBe('unavailable')
    expect((await after(unavailable, rejected)).outcome).toBe('unavailable')
    expect((await after(rejected, fails('broken'))).outcome).toBe('broken')
  })

  test('is that of a provider that is on, when one was switched off meanwhile', async () => {
    const [off, unavailable] = [fails('switched-off'), fails('unavailable', { status: 503 })]
    expect((await after(unavailable, off)).outcome).toBe('unavailable')
    expect((await after(off, unavailable)).outcome).toBe('unavailable')
    expect((await after(fails('rejected', { status: 400 }), off)).outcome).toBe('rejected')
    expect((await after(off, off)).outcome).toBe('switched-off')
    expect((await after(unavailable, fails('switched-off', {}, 'Half'))).outcome).toBe('switched-off')
  })

  test('is the last one otherwise', async () => {
    const { error } = await after(
      fails('unavailable', { status: 500 }),
      fails('unavailable', { status: 503 }),
    )
    expect(error).toMatchObject({ code: 'unavailable', status: 503 })
  })
})

describe('after the first piece of output', () => {
  const PIECES: readonly [string, Turn][] = [
    ['text', (sink) => sink.delta('a')],
    ['reasoning', (sink) => sink.reasoning('a')],
    ['a tool call', (sink) => sink.toolCall({ index: 0, id: 'a', name: 'f', argumentsDelta: '' })],
  ]
  const CODES: readonly ModelErrorCode[] = ['unavailable', 'rejected', 'broken', 'timeout-between-tokens']
  test.each(PIECES)(
    '(%s) no provider takes over, whatever fails and whatever is allowed',
    async (_name, piece) => {
      for (const code of CODES) {
        first.will(async (sink, signal) => {
          await piece(sink, signal)
          await fails(code)(sink, signal)
        })
        const { sink, outcome } = await ask(chain({ retry: { retryUnknown: true } }))
        expect(outcome).toBe(code)
        expect(sink.calls).toHaveLength(1)
        expect(sink.attempts).toHaveLength(1)
      }
      expect(second.calls).toBe(0)
    },
  )
})

describe('usage', () => {
  const counts =
    (n: number, then: Turn): Turn =>
    (sink, signal) => {
      sink.usage(usage(n))
      return then(sink, signal)
    }

  test('is told once, that of the last attempt', async () => {
    first.will(counts(1, fails('broken')))
    second.will(counts(2, answers('Hi')))
    expect((await ask(chain({ retry: { retryUnknown: true } }))).sink.usages).toEqual([usage(2)])
    second.will(answers('Hi'))
    expect((await ask(chain({ retry: { retryUnknown: true } }))).sink.usages).toEqual([])
  })

  test('is told of an answer that failed, too', async () => {
    first.will(counts(1, fails('broken', {}, 'Half')))
    expect((await ask(chain())).sink.usages).toEqual([usage(1)])
  })
})

describe('stopping', () => {
  test('before anything: no provider is called', async () => {
    const { outcome } = await ask(chain(), new RecordingSink(), AbortSignal.abort())
    expect([outcome, first.calls]).toEqual(['aborted', 0])
  })

  test('while a provider is called: no other is', async () => {
    const controller = new AbortController()
    first.will(hangs)
    const asked = ask(chain(), new RecordingSink(), controller.signal)
    await clock.advanceAsync(1_000)
    controller.abort()
    expect([(await asked).outcome, first.calls, second.calls]).toEqual(['aborted', 1, 0])
  })

  test('while waiting for the next try: at once, and no timer is left', async () => {
    const controller = new AbortController()
    first.will(fails('unavailable', { retryAfter: 9_000 }))
    const answering = chain().generate(request, new RecordingSink(), controller.signal)
    await clock.advanceAsync(100)
    expect(clock.pending).toBe(1)
    controller.abort()
    await expect(answering).rejects.toMatchObject({ code: 'aborted' })
    expect(clock.pending).toBe(0)
    expect(first.calls).toBe(1)
  })
})

test('a sink that throws is nobody’s failure: it is thrown, and no provider is asked again', async () => {
  const model = chain({ breaker: { failures: 1 }, retry: { retryUnknown: true } })
  const sink = new RecordingSink(() => {
    throw new RangeError('disk full')
  })
  const { error } = await ask(model, sink)
  expect(error).toBeInstanceOf(RangeError)
  expect([first.calls, second.calls]).toEqual([1, 0])
  expect(model.health.map(({ state }) => state)).toEqual(['closed', 'closed'])
})

describe('circuit breaker', () => {
  const states = (model: ModelChain): string[] => model.health.map(({ state }) => state)

  test('a provider that failed five times in a row is passed over, without a call', async () => {
    const model = chain()
    first.will(fails('unavailable'))
    await ask(model)
    const { sink } = await ask(model)
    // Three and two: the fifth failure opened it in the middle of the second run.
    expect(first.calls).toBe(5)
    expect(outcomesOf(sink)).toEqual(['first unavailable', 'first unavailable', 'second completed'])
    expect(model.health).toEqual([
      { provider: 'first', model: 'first-model', state: 'open', wait: expect.any(Number) },
      { provider: 'second', model: 'second-model', state: 'closed', wait: 0 },
    ])
    const third = await ask(model)
    expect([third.outcome, third.took, first.calls]).toEqual(['completed', 0, 5])
    expect(outcomesOf(third.sink)).toEqual(['second completed'])
  })

  test('with nobody else to ask, the run is unavailable, with the time until the next try', async () => {
    const model = alone({ breaker: { failures: 1 } })
    first.will(fails('broken'))
    await ask(model)
    const { outcome, error, sink } = await ask(model)
    expect([outcome, sink.attempts, first.calls]).toEqual(['unavailable', [], 1])
    expect(error).toMatchObject({ retryAfter: expect.any(Number) })
    expect(String(error)).toContain('first')
  })

  test('after the pause one call finds out; others are not let through meanwhile', async () => {
    const model = alone({ breaker: { failures: 1, pause: 1_000 } })
    first.will(fails('broken'))
    await ask(model)
    await clock.advanceAsync(1_000)
    expect(states(model)).toEqual(['half-open'])
    const controller = new AbortController()
    first.will(hangs)
    const finding = ask(model, new RecordingSink(), controller.signal)
    await clock.advanceAsync(0)
    const others = await Promise.all(
      [1, 2, 3].map(() =>
        model
          .generate(request, new RecordingSink(), controller.signal)
          .catch((error: ModelError) => error.code),
      ),
    )
    expect(others).toEqual(['unavailable', 'unavailable', 'unavailable'])
    expect(first.calls).toBe(2)
    // A stop says nothing about the provider: the next call finds out.
    controller.abort()
    await finding
    first.will(answers('Hi'))
    expect((await ask(model)).outcome).toBe('completed')
    expect(states(model)).toEqual(['closed'])
  })

  test('opens again when the one call fails', async () => {
    const model = alone({ breaker: { failures: 1, pause: 1_000 } })
    first.will(fails('broken'))
    await ask(model)
    await clock.advanceAsync(1_000)
    expect((await ask(model)).outcome).toBe('broken')
    expect(states(model)).toEqual(['open'])
  })

  test('others need not wait for the end of a long answer', async () => {
    const model = alone({ breaker: { failures: 1, pause: 1_000 } })
    first.will(fails('broken'))
    await ask(model)
    await clock.advanceAsync(1_000)
    const controller = new AbortController()
    first.will((sink, signal) => {
      sink.delta('Long…')
      return hangs(sink, signal)
    })
    const long = ask(model, new RecordingSink(), controller.signal)
    await clock.advanceAsync(0)
    first.will(answers('Hi'))
    expect((await ask(model)).outcome).toBe('completed')
    controller.abort()
    await long
  })

  const COUNTED: readonly [ModelErrorCode, number | undefined, 'open' | 'closed'][] = [
    ['unavailable', undefined, 'open'],
    ['unavailable', 429, 'open'],
    ['unavailable', 503, 'open'],
    ['timeout-connect', undefined, 'open'],
    ['timeout-first-token', undefined, 'open'],
    ['timeout-between-tokens', 200, 'open'],
    ['broken', undefined, 'open'],
    ['rejected', 401, 'open'],
    ['rejected', 402, 'open'],
    ['rejected', 403, 'open'],
    ['rejected', 400, 'closed'],
    ['rejected', 404, 'closed'],
    ['rejected', 413, 'closed'],
    ['rejected', 422, 'closed'],
    ['aborted', undefined, 'closed'],
  ]
  test.each(COUNTED)('%s with status %s leaves it %s', async (code, status, expected) => {
    const model = alone({ breaker: { failures: 1 } })
    first.will(fails(code, status === undefined ? {} : { status }))
    await ask(model)
    expect(states(model)).toEqual([expected])
  })

  test('a question that is refused shows a provider that works', async () => {
    const model = alone({ breaker: { failures: 2 } })
    for (const turn of [fails('broken'), fails('rejected', { status: 400 }), fails('broken')]) {
      first.will(turn)
      await ask(model)
    }
    expect(states(model)).toEqual(['closed'])
  })
})
