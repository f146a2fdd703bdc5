import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Conversation } from '../conversation.js'
import type { OpenAttempt, RunAttempt } from '../run-attempt.js'
import type { Run } from '../run.js'
import type { Owner } from './conversation-repository.js'
import type { RunProgress, RunRepository } from './run-repository.js'
import * as stored from './testing/stored-records.js'
import type { OpenStore } from './testing/stored-records.js'

/** What every adapter of the run repository must do. */
export function runRepositorySuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`run repository: ${name}`, () => {
    let store: OpenStore
    let owner: Owner
    let conversation: Conversation

    beforeEach(async () => {
      store = await open()
      owner = stored.newOwner()
      conversation = await create(owner)
    })
    afterEach(() => store.close())

    const create = async (of: Owner, over: Partial<Conversation> = {}): Promise<Conversation> => {
      const made = stored.newConversation(of, over)
      await store.conversations.create(made, stored.created(made))
      return made
    }
    const admit = async (over: Partial<Run> = {}): Promise<Run> => {
      const run = stored.newRun(conversation, over)
      expect(await store.runs.admit(stored.question(run, 'hello'))).toMatchObject({ outcome: 'admitted' })
      return run
    }
    const end = (run: Run, content = 'The answer.', over: Parameters<typeof stored.completed>[1] = {}) => {
      const how = stored.completed(content, over)
      return store.runs.end(stored.refOf(run), how, stored.ended(run, how))
    }
    const checkpoint = async (run: Run, progress: RunProgress, by: RunRepository = store.runs) =>
      expect(await by.checkpoint([{ run: stored.refOf(run), progress }])).toEqual([])
    const answerOf = (run: Run) => store.conversations.findMessage(stored.ownerOf(run), run.messageId)
    const headOf = async () => (await store.conversations.find(owner, conversation.id))?.headId

    describe('admit', () => {
      test('stores the run, both messages, the head and the event', async () => {
        const run = stored.newRun(conversation, { createdAt: stored.NOON + 1_000 })
        const admission = stored.question(run, 'When are you open?')
        expect(await store.runs.admit(admission)).toMatchObject({ outcome: 'admitted' })
        expect(await store.runs.find(owner, run.id)).toEqual(run)
        expect(await store.conversations.messages(owner, conversation.id, { limit: 9 })).toEqual({
          messages: [admission.userMessage, admission.message],
          hasMore: false,
        })
        expect(await store.conversations.find(owner, conversation.id)).toEqual({
          ...conversation,
          updatedAt: run.createdAt,
          headId: run.messageId,
        })
        expect(await store.events(owner.tenantId)).toEqual([stored.created(conversation), admission.event])
      })

      test('stores what the page told with the question', async () => {
        const run = stored.newRun(conversation)
        const { userMessage, ...rest } = stored.question(run, 'How much is it?')
        if (!userMessage) throw new Error('no question')
        const told = { ...userMessage, pageContext: { title: 'Größe "M" 🫖', product_id: '4711' } }
        await store.runs.admit({ ...rest, userMessage: told })
        expect(await store.conversations.findMessage(owner, told.id)).toEqual(told)
        expect(await store.conversations.branch(owner, run.messageId, 9)).toMatchObject([
          { pageContext: told.pageContext },
          { pageContext: null },
        ])
      })

      test('answers a question once more without a second user message', async () => {
        const first = await admit()
        const again = stored.newRun(conversation, { userMessageId: first.userMessageId })
        expect(await store.runs.admit(stored.regeneration(again))).toMatchObject({ outcome: 'admitted' })
        const { messages } = await store.conversations.messages(owner, conversation.id, { limit: 9 })
        expect(messages.map(({ id }) => id)).toEqual([first.userMessageId, first.messageId, again.messageId])
        expect(messages[2]?.parentId).toBe(first.userMessageId)
        expect(await headOf()).toBe(again.messageId)
      })

      describe('names', () => {
        const naming = (of: Conversation) => ({ title: 'A question', event: stored.updated(of) })
        const ask = async (of: Conversation) => {
          const run = stored.newRun(of)
          await store.runs.admit({ ...stored.question(run, 'hello'), naming: naming(of) })
        }
        const unnamed = () => create(owner, { titleBy: 'first-message', title: 'New conversation' })
        const titleOf = async ({ id }: Conversation) => (await store.conversations.find(owner, id))?.title
        const updates = async () =>
          (await store.events(owner.tenantId)).filter(({ type }) => type === 'conversation.updated').length

        test('a conversation that was opened without a name, with the event of it', async () => {
          const opened = await unnamed()
          await ask(opened)
          expect([await titleOf(opened), await updates()]).toEqual(['A question', 1])
        })

        test('none that a person has named since', async () => {
          const opened = await unnamed()
          await store.conversations.update(owner, opened.id, stored.renamed('Mine'), stored.updated(opened))
          await ask(opened)
          expect([await titleOf(opened), await updates()]).toEqual(['Mine', 1])
        })

        test('none in which somebody has asked since', async () => {
          const opened = await unnamed()
          await store.runs.admit(stored.question(stored.newRun(opened), 'first'))
          await ask(opened)
          expect([await titleOf(opened), await updates()]).toEqual(['New conversation', 0])
        })
      })

      describe('opens a conversation', () => {
        const blank = (over: Partial<Conversation> = {}) => stored.newConversation(owner, over)
        const stays = async (id: string) => await store.conversations.find(owner, id)

        test('together with its first question', async () => {
          const opened = blank({ title: 'Größe M 🫖', documentIds: ['doc_00001'], mode: 'rag' })
          const admission = stored.opening(stored.newRun(opened, { createdAt: stored.NOON + 9 }), opened)
          expect(await store.runs.admit(admission)).toMatchObject({ outcome: 'admitted', hasOpened: true })
          expect(await stays(opened.id)).toEqual({
            ...opened,
            updatedAt: stored.NOON + 9,
            headId: admission.message.id,
          })
          expect((await store.conversations.messages(owner, opened.id, { limit: 9 })).messages).toEqual([
            admission.userMessage,
            admission.message,
          ])
          const events = await store.events(owner.tenantId)
          expect(events.slice(1)).toEqual([stored.created(opened), admission.event])
        })

        test('once, and leaves the one alone that is there', async () => {
          const { id } = conversation
          const other = { ...conversation, title: 'Another title' }
          const result = await store.runs.admit(stored.opening(stored.newRun(other), other))
          expect(result).toMatchObject({ outcome: 'admitted', hasOpened: false })
          expect((await store.conversations.find(owner, id))?.title).toBe(conversation.title)
          const types = (await store.events(owner.tenantId)).map(({ type }) => type)
          expect(types).toEqual(['conversation.created', 'run.admitted'])
        })

        test('or nothing at all where the question is refused', async () => {
          const opened = blank()
          const before = await store.events(owner.tenantId)
          const run = stored.newRun(opened)
          const counters = [stored.dayOf(run, { messages: 0 })]
          const admission = stored.opening(run, opened)
          const refused = { ...admission, reservation: stored.reservation(run, { counters }) }
          await expect(store.runs.admit(refused)).rejects.toMatchObject({ code: 'quota-exceeded' })
          expect(await stays(opened.id)).toBeNull()
          expect(await store.events(owner.tenantId)).toEqual(before)
        })

        test('for each of many at the same time that the limit lets through, and for no other', async () => {
          const asked = Array.from({ length: 20 }, () => {
            const opened = blank()
            const run = stored.newRun(opened)
            const counters = [stored.dayOf(run, { messages: 7 })]
            return { ...stored.opening(run, opened), reservation: stored.reservation(run, { counters }) }
          })
          const results = await Promise.allSettled(asked.map((admission) => store.runs.admit(admission)))
          const through = results.filter(({ status }) => status === 'fulfilled')
          // One is from before.
          expect([through.length, (await store.conversations.list(owner, 1, 50)).total]).toEqual([7, 8])
        })

        test('never under an id of somebody else or of a deleted one', async () => {
          const foreign = await create(stored.newOwner(owner.tenantId))
          const gone = await create(owner)
          await store.conversations.softDelete(owner, gone.id, stored.deleted(gone))
          for (const { id } of [foreign, gone]) {
            const opened = blank({ id })
            const run = stored.newRun(opened)
            await expect(store.runs.admit(stored.opening(run, opened))).rejects.toMatchObject({
              code: 'id-already-used',
            })
            expect(await store.runs.find(owner, run.id)).toBeNull()
          }
        })
      })

      test('the same run id again changes nothing and returns the run that has it', async () => {
        const run = await admit()
        await end(run)
        const before = await store.conversations.find(owner, conversation.id)
        const other = stored.newRun(conversation, {
          id: run.id,
          requestDigest: 'other',
          createdAt: stored.NOON + 9,
        })
        const result = await store.runs.admit(stored.question(other, 'something else'))
        expect(result).toEqual({ outcome: 'exists', run: await store.runs.find(owner, run.id) })
        expect(await store.conversations.findMessage(owner, other.userMessageId)).toBeNull()
        expect(await store.conversations.find(owner, conversation.id)).toEqual(before)
        expect(await store.events(owner.tenantId)).toHaveLength(3)
      })

      test('of 50 parallel calls with one run id exactly one is admitted', async () => {
        const run = stored.newRun(conversation)
        const admissions = Array.from({ length: 50 }, (_, i) =>
          // Each caller has message ids of its own, so that nothing but the run id can hold it back.
          stored.question(
            { ...run, userMessageId: stored.newId('m'), messageId: stored.newId('m') },
            `call ${i}`,
          ),
        )
        const results = await Promise.all(admissions.map((admission) => store.runs.admit(admission)))
        const winner = admissions[results.findIndex(({ outcome }) => outcome === 'admitted')]
        expect(results.filter(({ outcome }) => outcome === 'admitted')).toHaveLength(1)
        for (const result of results) {
          if (result.outcome === 'exists') expect(result.run).toEqual(winner?.run)
        }
        const { messages } = await store.conversations.messages(owner, conversation.id, { limit: 200 })
        expect(messages).toEqual([winner?.userMessage, winner?.message])
        expect(await store.events(owner.tenantId)).toHaveLength(2)
      })

      test.each(['userMessageId', 'messageId'] as const)(
        'leaves nothing behind when the id of a message is taken: %s',
        async (field) => {
          const older = await admit()
          const before = await store.conversations.find(owner, conversation.id)
          const run = stored.newRun(conversation, {
            [field]: older.userMessageId,
            createdAt: stored.NOON + 9,
          })
          await expect(store.runs.admit(stored.question(run, 'hello'))).rejects.toMatchObject({
            code: 'id-already-used',
          })
          expect(await store.runs.find(owner, run.id)).toBeNull()
          expect(await store.conversations.find(owner, conversation.id)).toEqual(before)
          const { messages } = await store.conversations.messages(owner, conversation.id, { limit: 9 })
          expect(messages.map(({ id }) => id)).toEqual([older.userMessageId, older.messageId])
          expect(await store.events(owner.tenantId)).toHaveLength(2)
          // The run id was not used up by the attempt.
          const retried = { ...run, userMessageId: stored.newId('m'), messageId: stored.newId('m') }
          expect(await store.runs.admit(stored.question(retried, 'hello'))).toMatchObject({
            outcome: 'admitted',
          })
        },
      )

      test('of two parallel runs that name the same message ids one is admitted and one is refused', async () => {
        const run = stored.newRun(conversation)
        const admissions = [run, { ...run, id: stored.newId('r') }].map((each) =>
          stored.question(each, 'hello'),
        )
        const results = await Promise.allSettled(admissions.map((admission) => store.runs.admit(admission)))
        expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
        expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: { code: 'id-already-used' },
        })
      })

      test('leaves nothing behind when the conversation is unknown, deleted or somebody else’s', async () => {
        const foreign = await create(stored.newOwner(owner.tenantId))
        const gone = await create(owner)
        await store.conversations.softDelete(owner, gone.id, stored.deleted(gone))
        const eventsBefore = await store.events(owner.tenantId)
        for (const id of ['c_unknown', foreign.id, gone.id]) {
          const run = stored.newRun(conversation, { conversationId: id })
          await expect(store.runs.admit(stored.question(run, 'hello'))).rejects.toMatchObject({
            code: 'conversation-not-found',
          })
          // Had the claim stayed, this would answer `exists`.
          const elsewhere = { ...run, conversationId: conversation.id }
          expect(await store.runs.admit(stored.question(elsewhere, 'hello'))).toMatchObject({
            outcome: 'admitted',
          })
        }
        expect(await store.events(owner.tenantId)).toHaveLength(eventsBefore.length + 3)
      })

      test('the same ids in two tenants are independent', async () => {
        const elsewhere = { ...owner, tenantId: stored.newId('t') }
        await create(elsewhere, { id: conversation.id })
        const here = await admit()
        const there = { ...here, tenantId: elsewhere.tenantId }
        expect(await store.runs.admit(stored.question(there, 'other'))).toMatchObject({ outcome: 'admitted' })
        for (const run of [here, there]) {
          expect(await store.runs.admit(stored.question(run, 'again'))).toEqual({ outcome: 'exists', run })
        }
        await end(here, 'here')
        expect(await store.runs.find(elsewhere, there.id)).toEqual(there)
        expect(await answerOf(there)).toMatchObject({ content: '', status: 'queued' })
        expect(await answerOf(here)).toMatchObject({ content: 'here', status: 'completed' })
      })
    })

    describe('find', () => {
      test('finds nothing for an unknown id or another owner', async () => {
        const run = await admit()
        expect(await store.runs.find(owner, 'r_unknown')).toBeNull()
        expect(await store.runs.find(stored.newOwner(owner.tenantId), run.id)).toBeNull()
        expect(await store.runs.findActive(stored.newOwner(owner.tenantId), conversation.id)).toBeNull()
      })

      test('the active run is the newest that has not ended', async () => {
        expect(await store.runs.findActive(owner, conversation.id)).toBeNull()
        const older = await admit({ createdAt: stored.NOON })
        const newer = await admit({ createdAt: stored.NOON + 1 })
        const latest = await admit({ createdAt: stored.NOON + 2 })
        await end(latest)
        expect(await store.runs.findActive(owner, conversation.id)).toEqual(newer)
        await end(newer)
        expect(await store.runs.findActive(owner, conversation.id)).toEqual(older)
        await end(older)
        expect(await store.runs.findActive(owner, conversation.id)).toBeNull()
      })
    })

    describe('checkpoint', () => {
      test('saves text, place and model, and makes the run streaming', async () => {
        const run = await admit()
        await checkpoint(run, stored.progress('The ans', { lastSeq: 4 }))
        expect(await store.runs.find(owner, run.id)).toEqual({
          ...run,
          status: 'streaming',
          lastSeq: 4,
          model: 'demo',
        })
        expect(await answerOf(run)).toMatchObject({ content: 'The ans', status: 'streaming', model: 'demo' })
        await checkpoint(run, stored.progress('The answer', { lastSeq: 6 }))
        expect(await answerOf(run)).toMatchObject({ content: 'The answer' })
      })

      test('saves the calls of providers, also the one under way', async () => {
        const run = await admit()
        const failed: RunAttempt = { ...stored.ATTEMPT, outcome: 'unavailable', status: 503, usage: null }
        const underWay: OpenAttempt = { ...failed, outcome: null, status: 200, usage: null, endedAt: null }
        const attempts = [failed, underWay]
        await checkpoint(run, stored.progress('', { attempts }))
        expect(await store.runs.find(owner, run.id)).toMatchObject({ attempts })
      })

      test('does nothing after the end, nor for an unknown run', async () => {
        const run = await admit()
        await end(run)
        const [runBefore, messageBefore] = [await store.runs.find(owner, run.id), await answerOf(run)]
        await checkpoint(run, stored.progress('late', { lastSeq: 99, model: 'other' }))
        expect(await store.runs.find(owner, run.id)).toEqual(runBefore)
        expect(await answerOf(run)).toEqual(messageBefore)
        await checkpoint({ ...run, id: 'r_unknown' }, stored.progress('x', { lastSeq: 1 }))
      })
    })

    describe('end', () => {
      test('writes the end on run and message, with its event', async () => {
        const run = await admit()
        const how = stored.completed('The answer.')
        expect(await end(run)).toBe(true)
        const { model, usage, error, status, attempts } = how
        expect(await store.runs.find(owner, run.id)).toEqual({
          ...run,
          model,
          usage,
          error,
          status,
          attempts,
          lastSeq: how.lastSeq,
          endedAt: how.endedAt,
        })
        expect(await answerOf(run)).toEqual({
          ...stored.question(run, '').message,
          content: 'The answer.',
          model,
          usage,
          error,
          status,
        })
        expect((await store.events(owner.tenantId)).at(-1)).toEqual(stored.ended(run, how))
      })

      test('keeps how a run failed', async () => {
        const run = await admit()
        const error = { code: 'upstream_broken', message: 'It broke "off" 💥\0', retryable: true } as const
        const over = { status: 'failed', error, usage: null, model: null } as const
        expect(await end(run, 'Half an ans', over)).toBe(true)
        expect(await store.runs.find(owner, run.id)).toMatchObject(over)
        expect(await answerOf(run)).toMatchObject({ ...over, content: 'Half an ans' })
      })

      test('happens exactly once, however many try at once', async () => {
        const run = await admit()
        const contents = Array.from({ length: 20 }, (_, i) => `end ${i}`)
        const results = await Promise.all(contents.map((content) => end(run, content)))
        expect(results.filter(Boolean)).toHaveLength(1)
        expect((await answerOf(run))?.content).toBe(contents[results.indexOf(true)])
        expect(await end(run, 'late', { status: 'failed' })).toBe(false)
        expect(await answerOf(run)).toMatchObject({ status: 'completed' })
        const events = await store.events(owner.tenantId)
        expect(events.filter(({ type }) => type === 'run.ended')).toHaveLength(1)
      })

      test('of many at once, of several tenants, is each written to its own, and each is settled', async () => {
        const owners = [owner, owner, stored.newOwner(), stored.newOwner()]
        const runs: Run[] = []
        for (const [index, of] of owners.entries()) {
          const run = stored.newRun(index === 0 ? conversation : await create(of))
          await store.runs.admit(stored.question(run, `question ${index}`))
          runs.push(run)
        }
        const late = runs.at(-1)
        if (late) await end(late, 'before')
        const results = await Promise.all(runs.map((run, index) => end(run, `answer ${index}`)))
        expect(results).toEqual([true, true, true, false])
        const answers = await Promise.all(runs.map((run) => answerOf(run)))
        expect(answers.map((answer) => answer?.content)).toEqual([
          'answer 0',
          'answer 1',
          'answer 2',
          'before',
        ])
        for (const run of runs) {
          const ended = (await store.events(run.tenantId)).filter(({ type }) => type === 'run.ended')
          expect(ended.map(({ subjectId }) => subjectId)).toContain(run.id)
          const [day] = await store.ledger.read([stored.dayOf(run)])
          expect(day?.reserved.messages).toBe(0)
          expect(day?.used.messages).toBe(run.ownerId === owner.ownerId ? 2 : 1)
        }
      })

      test('of many, that two processes want to end in opposite orders, each is ended by one of them', async () => {
        const dead = store.otherProcess(0)
        const runs: Run[] = []
        for (let i = 0; i < 20; i += 1) {
          const run = stored.newRun(conversation)
          await dead.admit(stored.question(run, `question ${i}`))
          runs.push(run)
        }
        const endAll = (by: RunRepository, of: readonly Run[]) => {
          const how = stored.completed('The answer.')
          return Promise.all(of.map((run) => by.end(stored.refOf(run), how, stored.ended(run, how))))
        }
        const [here, there] = await Promise.all([
          endAll(store.runs, runs),
          endAll(store.otherProcess(60_000), runs.toReversed()),
        ])
        expect(runs.map((_, i) => Number(here[i]) + Number(there.toReversed()[i]))).toEqual(runs.map(() => 1))
        const [day] = await store.ledger.read([stored.dayOf(owner)])
        expect(day).toMatchObject({ used: { messages: 20 }, reserved: { messages: 0 } })
      })

      test('of ends and checkpoints in parallel the end stays', async () => {
        const run = await admit()
        const checkpoints = Array.from({ length: 10 }, (_, i) =>
          checkpoint(run, stored.progress(`part ${i}`, { lastSeq: i })),
        )
        expect(await end(run, 'whole')).toBe(true)
        await Promise.all(checkpoints)
        expect(await answerOf(run)).toMatchObject({ content: 'whole', status: 'completed' })
        expect(await store.runs.find(owner, run.id)).toMatchObject({ status: 'completed', lastSeq: 9 })
      })

      test('works after the conversation was deleted', async () => {
        const run = await admit()
        await store.conversations.softDelete(owner, conversation.id, stored.deleted(conversation))
        expect(await end(run)).toBe(true)
        expect(await end(run)).toBe(false)
      })

      test('answers false for an unknown run, and writes no event', async () => {
        expect(await end(stored.newRun(conversation))).toBe(false)
        expect(await store.events(owner.tenantId)).toEqual([stored.created(conversation)])
      })
    })

    describe('leases', () => {
      const ALIVE = 60_000
      const DEAD = 0
      /** A run of another process. */
      const admitElsewhere = async (runs: RunRepository): Promise<Run> => {
        const run = stored.newRun(conversation)
        await runs.admit(stored.question(run, 'hello'))
        return run
      }
      const orphansAmong = async (...runs: Run[]): Promise<string[]> => {
        const mine = new Set(runs.map(({ id }) => id))
        const orphans = await store.runs.findOrphans()
        return orphans.map(({ id }) => id).filter((id) => mine.has(id))
      }
      const progress = stored.progress('x', { lastSeq: 2 })

      test('orphans are the runs of processes that renew no more, of every tenant, also in deleted conversations', async () => {
        const dead = store.otherProcess(DEAD)
        const queued = await admitElsewhere(dead)
        const streaming = await admitElsewhere(dead)
        await checkpoint(streaming, progress, dead)
        const elsewhere = await create(stored.newOwner())
        const foreign = stored.newRun(elsewhere)
        await dead.admit(stored.question(foreign, 'hello'))
        const living = await admitElsewhere(store.otherProcess(ALIVE))
        const mine = await admit()
        await store.conversations.softDelete(owner, conversation.id, stored.deleted(conversation))
        const found = await orphansAmong(queued, streaming, foreign, living, mine)
        expect(new Set(found)).toEqual(new Set([queued.id, streaming.id, foreign.id]))
        const orphans = await store.runs.findOrphans()
        expect(orphans.find(({ id }) => id === foreign.id)).toEqual(foreign)
        expect(orphans.find(({ id }) => id === streaming.id)).toEqual({
          ...streaming,
          status: 'streaming',
          lastSeq: 2,
          model: 'demo',
        })
      })

      test('a living run is not ended by another process', async () => {
        const living = store.otherProcess(ALIVE)
        const run = await admitElsewhere(living)
        expect(await end(run)).toBe(false)
        expect(await store.runs.find(owner, run.id)).toEqual(run)
        const how = stored.completed('whole')
        expect(await living.end(stored.refOf(run), how, stored.ended(run, how))).toBe(true)
      })

      test('an orphan is ended by one of many, and its own process learns of it', async () => {
        const dead = store.otherProcess(DEAD)
        const run = await admitElsewhere(dead)
        const how = stored.completed('Half an ans', { status: 'interrupted' })
        const others = Array.from({ length: 5 }, () => store.otherProcess(ALIVE))
        const results = await Promise.all(
          others.map((other) => other.end(stored.refOf(run), how, stored.ended(run, how))),
        )
        expect(results.filter(Boolean)).toHaveLength(1)
        expect(await dead.renew([stored.refOf(run)])).toEqual([])
        const late = stored.completed('whole')
        expect(await dead.end(stored.refOf(run), late, stored.ended(run, late))).toBe(false)
        await checkpoint(run, progress, dead)
        expect(await answerOf(run)).toMatchObject({ status: 'interrupted', content: 'Half an ans' })
      })

      test('a process that was only slow keeps what nobody has taken', async () => {
        const slow = store.otherProcess(DEAD)
        const run = await admitElsewhere(slow)
        expect(await slow.renew([stored.refOf(run)])).toEqual([stored.refOf(run)])
        const how = stored.completed('whole')
        expect(await slow.end(stored.refOf(run), how, stored.ended(run, how))).toBe(true)
      })

      test('renewing renews what this process has, and says what that is', async () => {
        const runs = [await admit(), await admit(), await admit()] as const
        const foreign = await admitElsewhere(store.otherProcess(ALIVE))
        await end(runs[1])
        const unknown = { ...stored.refOf(runs[0]), runId: 'r_unknown' }
        const kept = await store.runs.renew([...runs.map(stored.refOf), stored.refOf(foreign), unknown])
        expect(new Set(kept.map(({ runId }) => runId))).toEqual(new Set([runs[0].id, runs[2].id]))
        expect(kept[0]?.tenantId).toBe(owner.tenantId)
        expect(await store.runs.renew([])).toEqual([])
      })

      test('a process may have more runs than a statement takes parameters', async () => {
        const mine = stored.refOf(await admit())
        const unknown = Array.from({ length: 40_000 }, (_, i) => ({ ...mine, runId: `r_unknown_${i}` }))
        expect(await store.runs.renew([...unknown, mine])).toEqual([mine])
        await store.runs.checkpoint([...unknown, mine].map((run) => ({ run, progress })))
        expect(await store.runs.find(owner, mine.runId)).toMatchObject({ status: 'streaming', lastSeq: 2 })
        await store.runs.release([...unknown, mine])
      })

      test('a checkpoint of another process is not taken', async () => {
        const run = await admit()
        await checkpoint(run, progress, store.otherProcess(ALIVE))
        expect(await store.runs.find(owner, run.id)).toEqual(run)
        expect(await answerOf(run)).toMatchObject({ status: 'queued', content: '' })
      })

      test('checkpoints of many runs at once each reach their own', async () => {
        const runs = await Promise.all(Array.from({ length: 20 }, () => admit()))
        await end(runs[3] ?? (await admit()), 'over')
        await store.runs.checkpoint(
          runs.map((run, i) => ({
            run: stored.refOf(run),
            progress: stored.progress(`text ${i}`, { lastSeq: i }),
          })),
        )
        for (const [i, run] of runs.entries()) {
          const expected = i === 3 ? 'over' : `text ${i}`
          expect(await answerOf(run)).toMatchObject({ content: expected })
        }
      })

      test('what cannot be saved of one run takes none of the others with it', async () => {
        const runs = [await admit(), await admit(), await admit()]
        const unsaved = await store.runs.checkpoint(
          runs.map((run, i) => ({
            run: stored.refOf(run),
            progress: stored.progress(`text ${i}`, { lastSeq: i === 1 ? NaN : i }),
          })),
        )
        expect(unsaved.map(({ run }) => run.runId)).toEqual([runs[1]?.id])
        const contents = runs.map(async (run) => (await answerOf(run))?.content)
        expect(await Promise.all(contents)).toEqual(['text 0', '', 'text 2'])
      })

      test('a run whose lease was given up with its end is no orphan, beside one whose lease was kept', async () => {
        const dead = store.otherProcess(DEAD)
        const [over, kept] = [await admitElsewhere(dead), await admitElsewhere(dead)]
        const how = stored.completed('whole')
        await Promise.all([
          dead.end(stored.refOf(over), how, stored.ended(over, how), 'given up'),
          dead.end(stored.refOf(kept), how, stored.ended(kept, how), 'kept'),
        ])
        expect(await orphansAmong(over)).toEqual([])
        expect(await orphansAmong(kept)).toEqual([kept.id])
        await store.runs.release([stored.refOf(kept)])
      })

      test('a run that has ended is an orphan until it is released', async () => {
        const dead = store.otherProcess(DEAD)
        const run = await admitElsewhere(dead)
        const how = stored.completed('whole')
        await dead.release([stored.refOf(run)])
        expect(await orphansAmong(run)).toEqual([run.id])
        await dead.end(stored.refOf(run), how, stored.ended(run, how))
        expect(await orphansAmong(run)).toEqual([run.id])
        await store.runs.release([stored.refOf(run)])
        expect(await orphansAmong(run)).toEqual([])
        await store.runs.release([])
      })
    })
  })
}
