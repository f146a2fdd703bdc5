import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Conversation } from '../conversation.js'
import type { DomainEvent } from '../domain-event.js'
import type { Counter, CounterState, Outcome, Reservation } from '../ledger.js'
import type { Run } from '../run.js'
import * as stored from './testing/stored-records.js'
import type { OpenStore } from './testing/stored-records.js'

const NOTHING: Outcome = { attempts: [], usage: null, content: '' }
const usage = (prompt: number, completion: number) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
})
/** What the model named `demo` costs in the stores of the suites. */
const PRICE = { prompt: 1_000_000, completion: 2_000_000 }

/** What every adapter of the ledger must do, by itself and as a part of runs. */
export function ledgerSuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`ledger: ${name}`, () => {
    let store: OpenStore
    let conversation: Conversation

    beforeEach(async () => {
      store = await open()
      conversation = stored.newConversation(stored.newOwner())
      await store.conversations.create(conversation, stored.created(conversation))
    })
    afterEach(() => store.close())

    const reservation = (over: Partial<Reservation> = {}): Reservation =>
      stored.reservation(stored.newRun(conversation), {
        worst: { messages: 1, tokens: 100, money: 1_000 },
        promptTokens: 40,
        price: PRICE,
        ...over,
      })
    const dayOf = (max: Partial<Counter['max']> = {}): Counter => stored.dayOf(conversation, max)
    const state = async (counter = dayOf()): Promise<CounterState> => {
      const [found] = await store.ledger.read([counter])
      if (!found) throw new Error('Every counter asked for is answered.')
      return found
    }
    const admit = (run: Run, max: Partial<Counter['max']>, over: Partial<Reservation> = {}) =>
      store.runs.admit({
        ...stored.question(run, 'hello'),
        reservation: stored.reservation(run, { counters: [dayOf(max)], ...over }),
      })
    const end = (run: Run, over: Parameters<typeof stored.completed>[1] & { content?: string } = {}) => {
      const ended = stored.completed(over.content ?? 'An answer.', over)
      return store.runs.end({ tenantId: run.tenantId, runId: run.id }, ended, stored.ended(run, ended))
    }

    test('a counter that nobody has used stands at zero', async () => {
      expect(await state()).toMatchObject({
        used: { messages: 0, tokens: 0, money: 0 },
        reserved: { messages: 0, tokens: 0, money: 0 },
      })
    })

    test('sets the worst case aside, then counts what it did cost', async () => {
      const one = reservation()
      expect(await store.ledger.reserve(one, stored.NOON)).toEqual({ isNearlySpent: false })
      expect(await state()).toMatchObject({
        used: { messages: 0, tokens: 0, money: 0 },
        reserved: { messages: 1, tokens: 100, money: 1_000 },
      })
      const attempts = [{ model: 'demo', usage: usage(30, 20) }]
      await store.ledger.settle(one, { attempts, usage: null, content: 'text' })
      expect(await state()).toMatchObject({
        used: { messages: 1, tokens: 50, money: 70 },
        reserved: { messages: 0, tokens: 0, money: 0 },
      })
    })

    test('records with the settlement that it is over, and without one to settle as well', async () => {
      const event: DomainEvent = { ...stored.updated(conversation), type: 'completion.ended' }
      const one = reservation()
      await store.ledger.reserve(one, stored.NOON)
      const recorded = async () => (await store.events(conversation.tenantId)).slice(1)
      await store.ledger.settle(one, NOTHING)
      expect(await recorded()).toEqual([])
      await Promise.all([1, 2].map(() => store.ledger.settle(one, NOTHING, event)))
      expect(await recorded()).toEqual([event, event])
    })

    test('settles once', async () => {
      const one = reservation()
      await store.ledger.reserve(one, stored.NOON)
      const outcome = { ...NOTHING, usage: usage(1, 1), content: 'x' }
      await Promise.all([1, 2, 3].map(() => store.ledger.settle(one, outcome)))
      expect((await state()).used).toEqual({ messages: 1, tokens: 2, money: 3 })
    })

    test.each<[string, Outcome, CounterState['used']]>([
      ['nothing came', NOTHING, { messages: 0, tokens: 0, money: 0 }],
      [
        'nothing came, but the provider counts what it was sent',
        { ...NOTHING, attempts: [{ model: 'demo', usage: usage(30, 0) }] },
        { messages: 0, tokens: 30, money: 30 },
      ],
      [
        'it broke off, and nobody counted',
        { ...NOTHING, content: 'Sixteen letters!' },
        { messages: 1, tokens: 44, money: 48 },
      ],
      [
        'it broke off, nobody counted, and nobody said what the model costs',
        { ...NOTHING, attempts: [{ model: 'nobody-said', usage: null }], content: 'Sixteen letters!' },
        { messages: 1, tokens: 44, money: 0 },
      ],
      [
        'two providers were asked, and both counted',
        {
          content: 'x',
          usage: usage(30, 5),
          attempts: [
            { model: 'demo', usage: usage(30, 1) },
            { model: 'nobody-said', usage: usage(30, 5) },
          ],
        },
        // What nobody said the cost of is not known, and no other's price is put in its place.
        { messages: 1, tokens: 66, money: 32 },
      ],
    ])('when %s, that is what counts', async (_, outcome, used) => {
      const one = reservation()
      await store.ledger.reserve(one, stored.NOON)
      await store.ledger.settle(one, outcome)
      expect(await state()).toMatchObject({ used, reserved: { messages: 0, tokens: 0, money: 0 } })
    })

    test.each(['messages', 'tokens', 'money'] as const)(
      'refuses what %s leaves no room for',
      async (measure) => {
        const { worst } = reservation()
        const counters = [dayOf({ [measure]: worst[measure] * 2 })]
        await store.ledger.reserve(reservation({ counters }), stored.NOON)
        await store.ledger.reserve(reservation({ counters }), stored.NOON)
        const over = store.ledger.reserve(reservation({ counters }), stored.NOON)
        await expect(over).rejects.toMatchObject({
          code: 'quota-exceeded',
          retryAfter: 12 * 3600,
          limit: {
            name: `${measure}_per_day`,
            scope: 'user',
            max: worst[measure] * 2,
            used: worst[measure] * 2,
            remaining: 0,
            resetsAt: dayOf().endsAt,
          },
        })
        expect((await state()).reserved[measure]).toBe(worst[measure] * 2)
      },
    )

    test('refuses the first one when it is too much by itself', async () => {
      const counters = [dayOf({ tokens: 99 })]
      await expect(store.ledger.reserve(reservation({ counters }), stored.NOON)).rejects.toMatchObject({
        limit: { name: 'tokens_per_day', used: 0, remaining: 99 },
      })
    })

    test('sets aside on all counters or on none', async () => {
      const roomy = dayOf()
      const full: Counter = {
        ...dayOf({ messages: 1 }),
        scope: 'tenant',
        scopeId: '',
      }
      await store.ledger.reserve(reservation({ counters: [full] }), stored.NOON)
      await expect(
        store.ledger.reserve(reservation({ counters: [roomy, full] }), stored.NOON),
      ).rejects.toMatchObject({ limit: { scope: 'tenant', name: 'messages_per_day' } })
      expect((await state(roomy)).reserved.messages).toBe(0)
    })

    test('of 200 at once exactly as many pass as there is room for', async () => {
      const counters = [dayOf({ messages: 70, money: 50_000 })]
      const results = await Promise.allSettled(
        Array.from({ length: 200 }, () => store.ledger.reserve(reservation({ counters }), stored.NOON)),
      )
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
      expect((await state()).reserved).toEqual({ messages: 50, tokens: 5_000, money: 50_000 })
    })

    test('says once a day that a budget is nearly spent, and to everybody who spends of it', async () => {
      const counters = [dayOf({ money: 5_000 })]
      const answers = []
      for (let i = 0; i < 5; i += 1)
        answers.push(await store.ledger.reserve(reservation({ counters }), stored.NOON))
      expect(answers.map(({ isNearlySpent }) => isNearlySpent)).toEqual([false, false, false, true, true])
      const events = await store.events(conversation.tenantId)
      expect(events.filter(({ type }) => type === 'budget.warned')).toHaveLength(1)
    })

    test('settles what was abandoned, and nothing that is extended or ended by its run', async () => {
      const abandoned = reservation({ expiresAt: stored.NOON + 1 })
      const extended = reservation({ expiresAt: stored.NOON + 1 })
      const ofRun = reservation()
      for (const one of [abandoned, extended, ofRun]) await store.ledger.reserve(one, stored.NOON)
      await store.ledger.extend(extended, stored.NOON + 100)
      expect(await store.ledger.settleAbandoned(stored.NOON + 50)).toBe(1)
      expect(await state()).toMatchObject({
        used: { messages: 1, tokens: 40, money: 40 },
        reserved: { messages: 2 },
      })
      expect(await store.ledger.settleAbandoned(stored.NOON + 50)).toBe(0)
    })

    describe('a run', () => {
      test('is admitted with what it may cost, and settled with its end', async () => {
        const run = stored.newRun(conversation)
        const worst = { messages: 1, tokens: 100, money: 1_000 }
        expect(await admit(run, {}, { worst })).toMatchObject({ outcome: 'admitted', isNearlySpent: false })
        expect((await state()).reserved).toEqual(worst)
        expect(await end(run)).toBe(true)
        expect(await state()).toMatchObject({
          used: { messages: 1, tokens: 18, money: 25 },
          reserved: { messages: 0, tokens: 0, money: 0 },
        })
      })

      test('that is asked for again under its id costs nothing more', async () => {
        const run = stored.newRun(conversation)
        await admit(run, { messages: 1 })
        expect(await admit(run, { messages: 1 })).toMatchObject({ outcome: 'exists' })
        expect((await state()).reserved.messages).toBe(1)
      })

      test('leaves nothing behind when the limit refuses it', async () => {
        const [first, second] = [stored.newRun(conversation), stored.newRun(conversation)]
        await admit(first, { messages: 1 })
        await expect(admit(second, { messages: 1 })).rejects.toMatchObject({ code: 'quota-exceeded' })
        const owner = stored.ownerOf(conversation)
        expect(await store.runs.find(owner, second.id)).toBeNull()
        expect(
          (await store.conversations.messages(owner, conversation.id, { limit: 9 })).messages,
        ).toHaveLength(2)
        expect((await state()).reserved.messages).toBe(1)
      })

      test('that another process ends, because its own died, is settled all the same', async () => {
        const run = stored.newRun(conversation)
        const dead = store.otherProcess(0)
        await dead.admit({ ...stored.question(run, 'hello'), reservation: stored.reservation(run) })
        const interrupted = { status: 'interrupted', attempts: [], usage: null, content: '' } as const
        expect(await end(run, interrupted)).toBe(true)
        expect(await state()).toMatchObject({ used: { messages: 0 }, reserved: { messages: 0 } })
      })

      test('of 60 at once exactly as many are admitted as there is room for', async () => {
        const results = await Promise.allSettled(
          Array.from({ length: 60 }, () => admit(stored.newRun(conversation), { messages: 20 })),
        )
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
        expect((await state()).reserved.messages).toBe(20)
      })
    })
  })
}
