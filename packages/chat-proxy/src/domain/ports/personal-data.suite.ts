import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '../caller.js'
import type { Conversation } from '../conversation.js'
import type { DomainEvent } from '../domain-event.js'
import type { Owner } from './conversation-repository.js'
import type { OpenErasure } from './personal-data.js'
import * as stored from './testing/stored-records.js'
import type { OpenStore } from './testing/stored-records.js'

/** What every adapter must do with what is kept about a person. */
export function personalDataSuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`personal data: ${name}`, () => {
    let store: OpenStore
    let visitor: Caller
    /** In all that the tests say, and in nothing else. */
    let secret: string

    beforeEach(async () => {
      store = await open()
      const { tenantId } = stored.newOwner()
      secret = stored.newId('secret')
      visitor = { tenantId, subject: stored.newId('v'), kind: 'visitor', role: 'visitor' }
    })
    afterEach(() => store.close())

    const user = (subject = stored.newId('u')): Caller => ({
      ...visitor,
      subject,
      kind: 'user',
      role: 'user',
    })
    const ownerOf = ({ tenantId, subject }: Caller): Owner => ({ tenantId, ownerId: subject })
    const create = async (caller: Caller, over: Partial<Conversation> = {}): Promise<Conversation> => {
      const conversation = stored.newConversation(ownerOf(caller), over)
      await store.conversations.create(conversation, stored.created(conversation))
      return conversation
    }
    const ask = (conversation: Conversation, content = secret) =>
      stored.answered(store, stored.question(stored.newRun(conversation), content), `an answer to ${secret}`)
    const remove = (conversation: Conversation) =>
      store.conversations.softDelete(conversation, conversation.id, stored.deleted(conversation))
    const erasureEvent = (
      type: DomainEvent['type'],
      { tenantId }: Caller,
      pseudonym: string,
    ): DomainEvent => ({
      tenantId,
      type,
      subjectId: pseudonym,
      actor: pseudonym,
      at: stored.NOON + 7,
      data: {},
    })
    const begin = async (caller: Caller): Promise<OpenErasure> => {
      const pseudonym = store.personalData.pseudonymOf(caller)
      const event = erasureEvent('erasure.requested', caller, pseudonym)
      await store.personalData.beginErasure(caller, pseudonym, event)
      return { ...ownerOf(caller), pseudonym, requestedAt: event.at }
    }
    const complete = (caller: Caller, erasure: OpenErasure) =>
      store.personalData.completeErasure(
        erasure,
        erasureEvent('erasure.completed', caller, erasure.pseudonym),
      )
    const finish = async (caller: Caller, erasure: OpenErasure): Promise<void> => {
      while (!(await store.personalData.forget(erasure, 3, stored.NOON)).isComplete);
      while ((await store.personalData.anonymise(erasure, 3)) === 'more');
      expect(await store.personalData.anonymise(erasure, 3)).toBe('done')
      expect(await complete(caller, erasure)).toBe(true)
    }

    describe('taking it along', () => {
      test('gives all conversations in pages, deleted ones too, and every message of every branch', async () => {
        const all = []
        for (let i = 0; i < 5; i++) all.push(await create(visitor, { createdAt: stored.NOON + (i % 2) }))
        const [first] = all
        if (!first) throw new Error('There are five.')
        const run = await ask(first)
        await stored.answered(store, stored.regeneration(stored.newRun(first, run)))
        await remove(first)
        await create(user())
        const pages: string[][] = []
        let last: Conversation | null = null
        for (let i = 0; i < 3; i++) {
          const page = await store.personalData.conversations(ownerOf(visitor), last, 2)
          pages.push(page.map(({ id }) => id))
          last = page.at(-1) ?? null
        }
        expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
        expect(pages.flat().toSorted()).toEqual(all.map(({ id }) => id).toSorted())
        const [kept] = await store.personalData.conversations(ownerOf(visitor), null, 9)
        expect([kept?.deletedAt, kept?.createdAt]).toEqual([
          kept?.id === first.id ? stored.NOON + 1 : null,
          stored.NOON,
        ])
      })

      test('reads messages on from where it stood, and none of somebody else', async () => {
        const conversation = await create(visitor)
        for (let i = 0; i < 2; i++) await ask(conversation, `question ${i}`)
        const read = (skip: number, of: Caller = visitor) =>
          store.personalData.messages(ownerOf(of), conversation.id, { skip, limit: 3 })
        expect((await read(0)).map(({ content }) => content)).toEqual([
          'question 0',
          `an answer to ${secret}`,
          'question 1',
        ])
        expect(await read(3)).toMatchObject([{ role: 'assistant' }])
        expect(await read(0, user())).toEqual([])
      })

      test('tells what was counted, and no cost once a model answered whose price nobody said', async () => {
        const conversation = await create(visitor)
        await ask(conversation)
        const { startsAt, endsAt } = stored.dayOf(ownerOf(visitor))
        const use = async () => await store.personalData.use(ownerOf(visitor))
        expect(await use()).toEqual([
          {
            span: 'day',
            startsAt,
            endsAt,
            used: expect.objectContaining({ messages: 1, money: expect.any(Number) }),
          },
        ])
        const other = stored.reservation(stored.newRun(conversation))
        await store.ledger.reserve(other, stored.NOON)
        const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
        await store.ledger.settle(other, { attempts: [{ model: 'nobody-said', usage }], usage, content: 'x' })
        expect(await use()).toMatchObject([{ used: { messages: 2, money: null } }])
        expect(await store.personalData.use(ownerOf(user()))).toEqual([])
      })
    })

    describe('having it forgotten', () => {
      test('from the beginning on nothing can be found, restored, taken along or added', async () => {
        const conversation = await create(visitor)
        const run = await ask(conversation)
        const deleted = await create(visitor)
        await remove(deleted)
        const owner = ownerOf(visitor)
        await begin(visitor)
        const { conversations, personalData, runs } = store
        expect(await conversations.list(owner, 1, 20)).toEqual({ conversations: [], total: 0 })
        expect(await conversations.findMessage(owner, run.messageId)).toBeNull()
        expect(await runs.find(owner, run.id)).toBeNull()
        for (const one of [conversation, deleted])
          expect(await conversations.restore(owner, one.id, 0, stored.restored(one))).toBeNull()
        expect(await personalData.conversations(owner, null, 9)).toEqual([])
        expect(await personalData.messages(owner, conversation.id, { skip: 0, limit: 9 })).toEqual([])
        const next = stored.newConversation(owner)
        const refused = { code: 'not-authenticated' }
        await expect(conversations.create(next, stored.created(next))).rejects.toMatchObject(refused)
        const asked = stored.opening(stored.newRun(next), next)
        await expect(runs.admit(asked)).rejects.toMatchObject(refused)
        expect(await conversations.find(owner, next.id)).toBeNull()
        expect(await personalData.isForgotten(visitor)).toBe(true)
        expect(await personalData.isForgotten(user())).toBe(false)
      })

      test('no conversation slips through that is begun in the same moment', async () => {
        const creating = Array.from({ length: 10 }, () => create(visitor))
        const asking = Array.from({ length: 10 }, () => {
          const opened = stored.newConversation(ownerOf(visitor))
          return store.runs.admit(stored.opening(stored.newRun(opened), opened))
        })
        const erasing = begin(visitor)
        await Promise.allSettled([...creating, ...asking, erasing])
        expect(await store.conversations.list(ownerOf(visitor), 1, 20)).toMatchObject({ total: 0 })
      })

      test('names the answers that are still being made', async () => {
        const conversation = await create(visitor)
        await ask(conversation)
        const run = stored.newRun(conversation)
        await store.runs.admit(stored.question(run, 'hello'))
        const pseudonym = store.personalData.pseudonymOf(visitor)
        const event = erasureEvent('erasure.requested', visitor, pseudonym)
        expect(await store.personalData.beginErasure(visitor, pseudonym, event)).toEqual([stored.refOf(run)])
      })

      test('in the end no table has a word or the name of them, and the tenant has its totals', async () => {
        const conversation = await create(visitor, { title: `${secret} title` })
        const run = await ask(conversation)
        const feedback = { rating: 'up', comment: `${secret} comment`, at: stored.NOON } as const
        await store.conversations.rate(ownerOf(visitor), run.messageId, feedback, stored.rated(run, feedback))
        for (let i = 0; i < 4; i++) await ask(await create(visitor))
        await remove(conversation)
        const open = stored.reservation(stored.newRun(conversation), { expiresAt: stored.NOON * 2 })
        await store.ledger.reserve(open, stored.NOON)
        const other = user()
        const foreign = await create(other, { title: 'not to be touched' })
        const before = await store.events(visitor.tenantId)

        const erasure = await begin(visitor)
        expect(await store.personalData.openErasures()).toContainEqual(erasure)
        while (!(await store.personalData.forget(erasure, 3, stored.NOON)).isComplete);
        while ((await store.personalData.anonymise(erasure, 3)) === 'more');
        // What is still being counted will be recorded under the name.
        expect(await store.personalData.anonymise(erasure, 3)).toBe('waiting')
        await store.ledger.settle(open, { attempts: [], usage: null, content: 'x' })
        await finish(visitor, erasure)

        const left = await store.everything()
        expect(left).not.toContain(visitor.subject)
        expect(left).not.toContain(secret)
        expect(await store.conversations.find(ownerOf(other), foreign.id)).toEqual(foreign)
        const day = { ...stored.dayOf(ownerOf(visitor)), scopeId: erasure.pseudonym }
        expect(await store.ledger.read([day])).toMatchObject([
          { used: { messages: 6 }, reserved: { messages: 0, tokens: 0, money: 0 } },
        ])
        const events = await store.events(visitor.tenantId)
        expect(events.slice(0, before.length).map(({ type }) => type)).toEqual(before.map(({ type }) => type))
        expect(events.at(-1)).toMatchObject({ type: 'erasure.completed', subjectId: erasure.pseudonym })
        expect(await store.personalData.openErasures()).not.toContainEqual(erasure)
        expect(await complete(visitor, erasure)).toBe(false)
      })

      test('a user is forgotten with the visitor they were, and may begin anew', async () => {
        const signedIn = user()
        const conversation = await create(visitor)
        await ask(conversation)
        const joined = (id: string) => ({
          ...stored.joined(conversation, signedIn.subject),
          subjectId: id,
        })
        await store.conversations.join(ownerOf(visitor), signedIn.subject, joined)
        const later = await create(visitor)
        const erasure = await begin(signedIn)
        const anew = await create(signedIn)
        await finish(signedIn, erasure)
        const left = await store.everything()
        expect(left).not.toContain(secret)
        expect(left).not.toContain(`"visitor_id":"${visitor.subject}"`)
        // What somebody else said later, at the same computer, is theirs.
        expect(await store.conversations.find(ownerOf(visitor), later.id)).not.toBeNull()
        expect(await store.conversations.find(ownerOf(signedIn), anew.id)).not.toBeNull()
        const actors = (await store.events(visitor.tenantId))
          .filter(({ subjectId }) => subjectId === conversation.id)
          .map(({ actor }) => actor)
        expect(new Set(actors)).toEqual(new Set([erasure.pseudonym, 'system']))
        expect(store.personalData.pseudonymOf(signedIn)).not.toBe(erasure.pseudonym)
      })

      test('a visitor may wish it again, as often as they like', async () => {
        await ask(await create(visitor))
        for (let i = 0; i < 2; i++) await finish(visitor, await begin(visitor))
        expect(await store.everything()).not.toContain(visitor.subject)
      })

      test('a conversation that is being erased does not become somebody’s by signing in', async () => {
        const conversation = await create(visitor)
        await begin(visitor)
        const signedIn = user()
        const joined = (): DomainEvent => stored.joined(conversation, signedIn.subject)
        expect(await store.conversations.join(ownerOf(visitor), signedIn.subject, joined)).toBe(0)
      })
    })
  })
}
