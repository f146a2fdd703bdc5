import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Conversation } from '../conversation.js'
import type { Counter } from '../ledger.js'
import type { Owner } from './conversation-repository.js'
import * as stored from './testing/stored-records.js'
import type { OpenStore } from './testing/stored-records.js'

/** What every adapter of the retention of deleted conversations must do. */
export function retentionSuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`retention: ${name}`, () => {
    let store: OpenStore
    let owner: Owner

    beforeEach(async () => {
      store = await open()
      owner = stored.newOwner()
    })
    afterEach(() => store.close())

    const create = async (questions: number, of = owner): Promise<Conversation> => {
      const conversation = stored.newConversation(of)
      await store.conversations.create(conversation, stored.created(conversation))
      for (let i = 0; i < questions; i++)
        await stored.answered(store, stored.question(stored.newRun(conversation), `secret of ${of.ownerId}`))
      return conversation
    }
    const remove = (conversation: Conversation, at: number) =>
      store.conversations.softDelete(conversation, conversation.id, stored.deleted(conversation, at))
    const purge = (deletedUntil: number, limit = 100, tenantId = owner.tenantId) =>
      store.retention.purge(tenantId, { deletedUntil, limit, at: stored.NOON + 9 })

    test('takes away what was deleted until then, with all that hangs on it, and records it', async () => {
      const [kept, young, old] = [await create(1), await create(1), await create(2)]
      await remove(young, stored.NOON + 2)
      await remove(old, stored.NOON + 1)
      const purged = await purge(stored.NOON + 1)
      expect(purged).toMatchObject({ conversations: 1, messages: 4, isComplete: true })
      expect(purged.runs).toHaveLength(2)
      const left = await store.everything()
      expect(left).toContain(young.id)
      expect(left).toContain(kept.id)
      for (const run of purged.runs) expect(await store.runs.find(owner, run.runId)).toBeNull()
      expect((await store.events(owner.tenantId)).at(-1)).toEqual({
        tenantId: owner.tenantId,
        type: 'conversation.purged',
        subjectId: old.id,
        actor: 'system',
        at: stored.NOON + 9,
        data: {},
      })
      expect(await purge(stored.NOON + 1)).toEqual({
        conversations: 0,
        messages: 0,
        runs: [],
        isComplete: true,
      })
    })

    test('takes a long conversation away in steps, and says when nothing is left', async () => {
      for (const questions of [5, 0, 3]) await remove(await create(questions), stored.NOON + 1)
      const steps = [await purge(stored.NOON + 1, 4)]
      while (steps.at(-1)?.isComplete === false) steps.push(await purge(stored.NOON + 1, 4))
      expect(steps.reduce((sum, step) => sum + step.conversations, 0)).toBe(3)
      expect(steps.every(({ messages }) => messages <= 4)).toBe(true)
      expect(await store.everything()).not.toContain(`secret of ${owner.ownerId}`)
    })

    test('leaves a conversation in which an answer is being made until it has ended and is told', async () => {
      const conversation = await create(0)
      const run = stored.newRun(conversation)
      await store.runs.admit(stored.question(run, 'hello'))
      await remove(conversation, stored.NOON + 1)
      const nothing = { conversations: 0, messages: 0, runs: [], isComplete: false }
      expect(await purge(stored.NOON + 1)).toEqual(nothing)
      const end = stored.completed('done')
      await store.runs.end(stored.refOf(run), end, stored.ended(run, end))
      expect(await purge(stored.NOON + 1)).toEqual(nothing)
      await store.runs.release([stored.refOf(run)])
      expect(await purge(stored.NOON + 1)).toMatchObject({ conversations: 1, isComplete: true })
    })

    test('takes away what was counted in days that are over, in steps, and nothing that is still needed', async () => {
      const people = Array.from({ length: 5 }, () => stored.newOwner(owner.tenantId))
      const run = stored.newRun(stored.newConversation(owner))
      const day = (of: Owner, over: Partial<Counter> = {}) => ({ ...stored.dayOf(of), ...over })
      const over = people.map((of, index) => day(of, { endsAt: 1_000 + index }))
      const open = day(owner, { endsAt: 1_001 })
      const young = day(owner, { span: 'month', endsAt: 1_005 })
      const count = async (counter: Counter, isSettled: boolean) => {
        const reservation = stored.reservation(run, { id: stored.newId('r'), counters: [counter] })
        await store.ledger.reserve(reservation, stored.NOON)
        const outcome = { attempts: [stored.ATTEMPT], usage: stored.ATTEMPT.usage, content: 'x' }
        if (isSettled) await store.ledger.settle(reservation, outcome)
      }
      for (const counter of [...over, young]) await count(counter, true)
      await count(open, false)
      const purged = async (limit: number) => await store.retention.purgeCounts({ endedUntil: 1_004, limit })
      const left = async () =>
        (await store.ledger.read([...over, open, young])).map(
          ({ used, reserved }) => used.messages + reserved.messages,
        )
      expect(await left()).toEqual([1, 1, 1, 1, 1, 1, 1])
      expect(await purged(3)).toBe(3)
      expect(await left()).toEqual([0, 0, 0, 1, 1, 1, 1])
      expect([await purged(3), await purged(3)]).toEqual([2, 0])
      expect(await left()).toEqual([0, 0, 0, 0, 0, 1, 1])
    })

    test('knows the tenants that have something deleted, and touches no other', async () => {
      const elsewhere = stored.newOwner()
      const [here, there] = [await create(1), await create(1, elsewhere)]
      expect(await store.retention.tenantsWithDeleted()).not.toContain(owner.tenantId)
      for (const conversation of [here, there]) await remove(conversation, stored.NOON + 1)
      expect(await store.retention.tenantsWithDeleted()).toEqual(
        expect.arrayContaining([owner.tenantId, elsewhere.tenantId]),
      )
      await purge(stored.NOON + 1)
      const event = stored.restored(there)
      expect(await store.conversations.restore(elsewhere, there.id, 0, event)).toMatchObject({ id: there.id })
    })
  })
}
