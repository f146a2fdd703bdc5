import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Conversation } from '../conversation.js'
import type { Feedback } from '../message.js'
import type { Run } from '../run.js'
import { searchWords } from '../search-words.js'
import type { Owner } from './conversation-repository.js'
import * as stored from './testing/stored-records.js'
import type { OpenStore } from './testing/stored-records.js'

/** What every adapter of the conversation repository must do. */
export function conversationRepositorySuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`conversation repository: ${name}`, () => {
    let store: OpenStore
    let owner: Owner

    beforeEach(async () => {
      store = await open()
      owner = stored.newOwner()
    })
    afterEach(() => store.close())

    const create = async (over: Partial<Conversation> = {}, of = owner): Promise<Conversation> => {
      const conversation = stored.newConversation(of, over)
      await store.conversations.create(conversation, stored.created(conversation))
      return conversation
    }
    const remove = (conversation: Conversation) =>
      store.conversations.softDelete(
        stored.ownerOf(conversation),
        conversation.id,
        stored.deleted(conversation),
      )
    /** Asks below `parentId` and returns the run. */
    const ask = async (
      conversation: Conversation,
      content: string,
      parentId: string | null = null,
    ): Promise<Run> => {
      const run = stored.newRun(conversation)
      await store.runs.admit(stored.question(run, content, parentId))
      return run
    }
    /** Asks `count` questions, each below the answer before it. */
    const talk = async (conversation: Conversation, count: number): Promise<Run[]> => {
      const runs: Run[] = []
      for (let i = 0; i < count; i++) {
        runs.push(await ask(conversation, `question ${i}`, runs.at(-1)?.messageId ?? null))
      }
      return runs
    }
    const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id)

    describe('create and find', () => {
      test('gives back what was stored', async () => {
        const conversation = stored.newConversation(owner, {
          title: 'Größe "quoted" \\ 漢字 👩‍👩‍👧',
          mode: 'rag',
          documentIds: ['d_1', 'with "quotes"', ''],
          updatedAt: stored.NOON + 123,
        })
        const result = await store.conversations.create(conversation, stored.created(conversation))
        expect(result).toEqual({ conversation, created: true })
        expect(await store.conversations.find(owner, conversation.id)).toEqual(conversation)
      })

      test('finds nothing under an unknown id', async () => {
        expect(await store.conversations.find(owner, 'c_unknown')).toBeNull()
      })

      test('a repeated create returns the older one unchanged and writes no second event', async () => {
        const first = await create({ title: 'first' })
        const again = stored.newConversation(owner, { id: first.id, title: 'second' })
        expect(await store.conversations.create(again, stored.created(again))).toEqual({
          conversation: first,
          created: false,
        })
        expect(await store.events(owner.tenantId)).toEqual([stored.created(first)])
      })

      test('of parallel creates with one id exactly one is the first', async () => {
        const conversation = stored.newConversation(owner)
        const results = await Promise.all(
          Array.from({ length: 20 }, () =>
            store.conversations.create(conversation, stored.created(conversation)),
          ),
        )
        expect(results.filter(({ created }) => created)).toHaveLength(1)
        expect(results.every((result) => result.conversation.id === conversation.id)).toBe(true)
        expect(await store.events(owner.tenantId)).toHaveLength(1)
      })

      test('refuses an id that somebody else of the tenant has, and does not show whose it is', async () => {
        const foreign = await create({}, stored.newOwner(owner.tenantId))
        const mine = stored.newConversation(owner, { id: foreign.id })
        const failure: unknown = await store.conversations
          .create(mine, stored.created(mine))
          .catch((error: unknown) => error)
        expect(failure).toMatchObject({ code: 'id-already-used' })
        expect(String(failure)).not.toContain(foreign.ownerId)
        expect(await store.conversations.find(owner, foreign.id)).toBeNull()
        expect(await store.events(owner.tenantId)).toEqual([stored.created(foreign)])
      })

      test('one id in two tenants names two conversations', async () => {
        const here = await create({ title: 'here' })
        const elsewhere = { ...owner, tenantId: stored.newId('t') }
        const there = await create({ id: here.id, title: 'there' }, elsewhere)
        expect(await store.conversations.find(owner, here.id)).toEqual(here)
        expect(await store.conversations.find(elsewhere, here.id)).toEqual(there)
        await store.conversations.update(
          owner,
          here.id,
          stored.renamed('changed'),
          stored.updated(here, stored.NOON + 1),
        )
        await remove(here)
        expect(await store.conversations.find(elsewhere, here.id)).toEqual(there)
        expect(await store.events(elsewhere.tenantId)).toEqual([stored.created(there)])
      })
    })

    describe('two tenants with the same ids', () => {
      test('read each their own messages and branches', async () => {
        const here = await create()
        const elsewhere = { ...owner, tenantId: stored.newId('t') }
        const there = await create({ id: here.id }, elsewhere)
        // The other tenant's tree has another order and another shape, so that any mixing shows.
        const [first, second] = [stored.newRun(here), stored.newRun(here)]
        const inTenant = (run: Run) => ({ ...run, tenantId: there.tenantId })
        await store.runs.admit(stored.question(inTenant(second), 'there, second id first'))
        await store.runs.admit(stored.question(first, 'here, first'))
        await store.runs.admit(stored.question(second, 'here, second', first.messageId))
        await store.runs.admit(stored.question(inTenant(first), 'there, first id second', second.messageId))

        const contents = (messages: readonly { content: string }[]) => messages.map(({ content }) => content)
        const { conversations } = store
        expect(contents(await conversations.branch(owner, second.messageId, 9))).toEqual([
          'here, first',
          '',
          'here, second',
          '',
        ])
        expect(contents(await conversations.branch(elsewhere, first.messageId, 9))).toEqual([
          'there, second id first',
          '',
          'there, first id second',
          '',
        ])
        const before = { before: second.userMessageId, limit: 9 }
        expect(contents((await conversations.messages(owner, here.id, before)).messages)).toEqual([
          'here, first',
          '',
        ])
        expect((await conversations.messages(elsewhere, here.id, before)).messages).toEqual([])
        expect(await conversations.findMessage(elsewhere, first.userMessageId)).toMatchObject({
          content: 'there, first id second',
        })
      })
    })

    describe('what belongs to somebody else', () => {
      test('cannot be found, listed, changed, deleted or read', async () => {
        const foreign = await create({}, stored.newOwner(owner.tenantId))
        const run = await ask(foreign, 'secret')
        const { conversations } = store
        expect(await conversations.find(owner, foreign.id)).toBeNull()
        expect(await conversations.list(owner, 1, 20)).toEqual({ conversations: [], total: 0 })
        expect(
          await conversations.update(owner, foreign.id, stored.renamed('mine'), stored.updated(foreign)),
        ).toBeNull()
        expect(await conversations.softDelete(owner, foreign.id, stored.deleted(foreign))).toBe(false)
        expect(await conversations.messages(owner, foreign.id, { limit: 10 })).toEqual({
          messages: [],
          hasMore: false,
        })
        expect(await conversations.findMessage(owner, run.userMessageId)).toBeNull()
        const ids = [run.userMessageId, 'm_nowhere', run.messageId]
        expect(await conversations.findMessages(owner, ids)).toEqual([])
        expect((await conversations.findMessages(foreign, ids)).map(({ id }) => id)).toEqual(
          ids.filter((id) => id !== 'm_nowhere'),
        )
        expect(await conversations.branch(owner, run.messageId, 10)).toEqual([])
        expect(await conversations.find(stored.ownerOf(foreign), foreign.id)).toMatchObject({
          title: foreign.title,
        })
        expect(await store.events(owner.tenantId)).toHaveLength(2)
      })
    })

    describe('list', () => {
      test('is empty for a new owner', async () => {
        expect(await store.conversations.list(owner, 1, 20)).toEqual({ conversations: [], total: 0 })
      })

      test('gives the most recently changed first, in pages, with the total on each', async () => {
        const made: Conversation[] = []
        for (const minute of [3, 1, 4, 0, 2]) {
          made.push(await create({ updatedAt: stored.NOON + minute * 60_000 }))
        }
        await create({}, stored.newOwner(owner.tenantId))
        const expected = made.toSorted((a, b) => b.updatedAt - a.updatedAt)
        expect(await store.conversations.list(owner, 1, 2)).toEqual({
          conversations: expected.slice(0, 2),
          total: 5,
        })
        expect(await store.conversations.list(owner, 3, 2)).toEqual({
          conversations: expected.slice(4),
          total: 5,
        })
        expect(await store.conversations.list(owner, 4, 2)).toEqual({ conversations: [], total: 5 })
      })

      test('shows each conversation on exactly one page when all changed in the same millisecond', async () => {
        const made = await Promise.all(Array.from({ length: 25 }, () => create()))
        const pages = await Promise.all([1, 2, 3, 4].map((page) => store.conversations.list(owner, page, 7)))
        const seen = pages.flatMap(({ conversations }) => idsOf(conversations))
        expect(seen).toHaveLength(25)
        expect(new Set(seen)).toEqual(new Set(idsOf(made)))
      })

      test('moves a conversation to the top when something is said in it', async () => {
        const older = await create({ updatedAt: stored.NOON })
        await create({ updatedAt: stored.NOON + 1_000 })
        const run = stored.newRun(older, { createdAt: stored.NOON + 2_000 })
        await store.runs.admit(stored.question(run, 'hello'))
        const [first] = (await store.conversations.list(owner, 1, 20)).conversations
        expect(first).toEqual({ ...older, updatedAt: stored.NOON + 2_000, headId: run.messageId })
      })
    })

    describe('update', () => {
      test('changes what is given and nothing else, and records it', async () => {
        const conversation = await create({ documentIds: ['d_1'] })
        const [first, second] = [9, 10].map((ms) => stored.updated(conversation, stored.NOON + ms))
        if (!first || !second) throw new Error('There are two events.')
        const { conversations } = store
        const renamed = { ...conversation, title: 'New', titleBy: 'person', updatedAt: first.at }
        expect(await conversations.update(owner, conversation.id, stored.renamed('New'), first)).toEqual(
          renamed,
        )
        const change = { mode: 'rag', documentIds: [] } as const
        const result = await conversations.update(owner, conversation.id, change, second)
        expect(result).toEqual({ ...renamed, ...change, updatedAt: second.at })
        expect(await conversations.find(owner, conversation.id)).toEqual(result)
        expect(await store.events(owner.tenantId)).toEqual([stored.created(conversation), first, second])
      })

      test('answers null for an unknown conversation, and records nothing', async () => {
        const event = stored.updated(stored.newConversation(owner))
        expect(await store.conversations.update(owner, 'c_unknown', stored.renamed('x'), event)).toBeNull()
        expect(await store.events(owner.tenantId)).toEqual([])
      })
    })

    describe('entitle', () => {
      const entitle = (conversation: Conversation, title: string) =>
        store.conversations.entitle(owner, conversation.id, title, stored.entitled(conversation))

      test('replaces a title from the first message and one of the model, and no place in the list', async () => {
        const conversation = await create()
        expect(await entitle(conversation, 'First')).toBe(true)
        expect(await entitle(conversation, 'Second')).toBe(true)
        const named = { ...conversation, title: 'Second', titleBy: 'model' }
        expect(await store.conversations.find(owner, conversation.id)).toEqual(named)
        expect(await store.events(owner.tenantId)).toHaveLength(3)
      })

      test('never replaces a title that a person gave, and records nothing then', async () => {
        const conversation = await create({ titleBy: 'person' })
        const other = await create()
        await store.conversations.update(owner, other.id, stored.renamed('Mine'), stored.updated(other))
        expect(await entitle(conversation, 'Theirs')).toBe(false)
        expect(await entitle(other, 'Theirs')).toBe(false)
        expect(await store.conversations.find(owner, other.id)).toMatchObject({ title: 'Mine' })
        expect(await store.events(owner.tenantId)).toHaveLength(3)
      })

      test('finds neither a deleted conversation nor somebody else’s', async () => {
        const conversation = await create()
        await remove(conversation)
        const foreign = await create({}, stored.newOwner(owner.tenantId))
        expect(await entitle(conversation, 'New')).toBe(false)
        expect(await entitle(foreign, 'New')).toBe(false)
      })
    })

    describe('restore', () => {
      const restore = (conversation: Conversation, deletedAfter = stored.NOON) =>
        store.conversations.restore(owner, conversation.id, deletedAfter, stored.restored(conversation))

      test('brings back the conversation and all in it, with its event, once', async () => {
        const conversation = await create()
        const run = await ask(conversation, 'hello')
        const before = await store.conversations.find(owner, conversation.id)
        await remove(conversation)
        expect(await restore(conversation)).toEqual(before)
        expect(await store.conversations.find(owner, conversation.id)).toEqual(before)
        expect(await store.conversations.findMessage(owner, run.userMessageId)).toMatchObject({
          content: 'hello',
        })
        expect(await restore(conversation)).toBeNull()
        expect((await store.events(owner.tenantId)).at(-1)).toEqual(stored.restored(conversation))
      })

      test('finds none whose time is over, none of somebody else, and none that was not deleted', async () => {
        const conversation = await create()
        expect(await restore(conversation)).toBeNull()
        await remove(conversation)
        // Deleted one millisecond after noon.
        expect(await restore(conversation, stored.NOON + 1)).toBeNull()
        const foreign = await create({}, stored.newOwner(owner.tenantId))
        await remove(foreign)
        expect(await restore(foreign)).toBeNull()
        expect(await store.conversations.find(stored.ownerOf(foreign), foreign.id)).toBeNull()
        expect(await store.events(owner.tenantId)).toHaveLength(4)
      })
    })

    describe('feedback', () => {
      const rate = (run: Run, over: Partial<Feedback> = {}, messageId = run.messageId) => {
        const feedback: Feedback = { rating: 'up', comment: null, at: stored.NOON, ...over }
        return store.conversations.rate(owner, messageId, feedback, stored.rated(run, feedback))
      }

      test('stands with the answer wherever it is read; the last word counts', async () => {
        const conversation = await create()
        const run = await ask(conversation, 'hello')
        expect(await rate(run)).toMatchObject({
          id: run.messageId,
          feedback: { rating: 'up', comment: null },
        })
        const last: Feedback = { rating: 'down', comment: 'Not \0 true: größer', at: stored.NOON + 5 }
        await rate(run, last)
        const feedback = { ...last, comment: 'Not \uFFFD true: größer' }
        const { conversations } = store
        expect(await conversations.findMessage(owner, run.messageId)).toMatchObject({ feedback })
        const { messages } = await conversations.messages(owner, conversation.id, { limit: 9 })
        expect(messages).toMatchObject([{ feedback: null }, { feedback }])
        expect(await conversations.branch(owner, run.messageId, 9)).toMatchObject([
          { feedback: null },
          { feedback },
        ])
        expect((await store.events(owner.tenantId)).slice(-2)).toEqual([
          stored.rated(run, { rating: 'up', comment: null, at: stored.NOON }),
          stored.rated(run, last),
        ])
      })

      test('outlives the end of the answer', async () => {
        const run = await ask(await create(), 'hello')
        await rate(run)
        const end = stored.completed('done')
        await store.runs.end(stored.refOf(run), end, stored.ended(run, end))
        expect(await store.conversations.findMessage(owner, run.messageId)).toMatchObject({
          content: 'done',
          feedback: { rating: 'up' },
        })
      })

      test('is for answers of one’s own alone, and is not recorded otherwise', async () => {
        const mine = await ask(await create(), 'hello')
        const foreign = await ask(await create({}, stored.newOwner(owner.tenantId)), 'hello')
        const deleted = await create()
        const gone = await ask(deleted, 'hello')
        await remove(deleted)
        const before = await store.events(owner.tenantId)
        expect(await rate(mine, {}, mine.userMessageId)).toBeNull()
        expect(await rate(foreign)).toBeNull()
        expect(await rate(gone)).toBeNull()
        expect(await rate(mine, {}, 'm_unknown')).toBeNull()
        expect(await store.events(owner.tenantId)).toEqual(before)
      })
    })

    describe('search', () => {
      const { signal } = new AbortController()
      const search = async (query: string, page = 1, pageSize = 20): Promise<string[]> => {
        const options = { page, pageSize, signal }
        return idsOf((await store.conversations.search(owner, searchWords(query), options)).conversations)
      }

      test('finds what stands in a title or a message, within words and whatever the case', async () => {
        const title = await create({ title: 'Straßenbahn nach BÖBLINGEN', updatedAt: stored.NOON + 1 })
        const said = await create({ title: 'x', updatedAt: stored.NOON })
        await ask(said, 'Fährt die STRASSENBAHN? Nein: ΟΔΌΣ ΜΟΣΚΒΑ Москва')
        expect(await search('böbling')).toEqual([title.id])
        expect(await search('straSSEN')).toEqual([said.id])
        await ask(title, 'Bahn')
        expect(new Set(await search('BAHN'))).toEqual(new Set([title.id, said.id]))
        expect(await search('москва')).toEqual([said.id])
        expect(await search('οδός')).toEqual([said.id])
        expect(await search('tram')).toEqual([])
      })

      test('finds parts of text without spaces, of one letter on', async () => {
        const japanese = await create({ title: 'x', updatedAt: stored.NOON + 1 })
        await ask(japanese, '東京の天気はどうですか')
        const chinese = await create({ title: '上海天气预报', updatedAt: stored.NOON })
        expect(await search('天気')).toEqual([japanese.id])
        expect(await search('天气')).toEqual([chinese.id])
        expect(new Set(await search('天'))).toEqual(new Set([japanese.id, chinese.id]))
        expect(await search('天気 東京')).toEqual([japanese.id])
      })

      test('needs every word in one message or in the title', async () => {
        const both = await create({ title: 'x', updatedAt: stored.NOON + 1 })
        await ask(both, 'hotel in berlin')
        const apart = await create({ title: 'x', updatedAt: stored.NOON })
        await ask(apart, 'hotel')
        await ask(apart, 'berlin')
        expect(await search('  Berlin   hotel ')).toEqual([both.id])
      })

      test('takes signs that other searches give a meaning for what they are', async () => {
        const plain = await create({ title: 'nothing special' })
        const signs = await create({ title: String.raw`100%_of \ 'quoted' "and" (a|b)* AND` })
        for (const query of ['%', '_', '\\', "'", '"', '(a|b)*', '%_of'])
          expect(await search(query)).toEqual([signs.id])
        expect(await search('no_hing')).toEqual([])
        expect(await search('nothing')).toEqual([plain.id])
      })

      test('shows nothing of others, and nothing deleted', async () => {
        const foreign = await create({ title: 'secret' }, stored.newOwner(owner.tenantId))
        await ask(foreign, 'secret')
        await create({ title: 'secret' }, { ...owner, tenantId: stored.newId('t') })
        const mine = await create({ title: 'x' })
        await ask(mine, 'secret')
        await remove(mine)
        expect(await search('secret')).toEqual([])
      })

      test('gives pages in the order of the list, with the total on each', async () => {
        for (let i = 0; i < 7; i++) {
          const conversation = await create({
            title: i % 2 === 0 ? `match ${i}` : 'x',
            updatedAt: stored.NOON - i,
          })
          await ask(conversation, i % 3 === 0 ? 'a match' : 'none')
        }
        const all = await search('match')
        expect(all).toHaveLength(5)
        const listed = idsOf((await store.conversations.list(owner, 1, 20)).conversations)
        expect(all).toEqual(listed.filter((id) => all.includes(id)))
        expect(await search('match', 2, 2)).toEqual(all.slice(2, 4))
        const options = { page: 9, pageSize: 2, signal }
        expect(await store.conversations.search(owner, ['match'], options)).toEqual({
          conversations: [],
          total: 5,
        })
      })

      test('reads on to the last message, however many there are', async () => {
        const long = await create({ title: 'x' })
        await talk(long, 140)
        expect(await search('question 0')).toEqual([long.id])
        expect(await search('question 139')).toEqual([long.id])
      })

      test('stops when nobody waits for it any more', async () => {
        const conversation = await create({ title: 'x' })
        await ask(conversation, 'hello')
        const options = { page: 1, pageSize: 20, signal: AbortSignal.abort() }
        expect(await store.conversations.search(owner, ['hello'], options)).toEqual({
          conversations: [],
          total: 0,
        })
      })
    })

    describe('exchanges', () => {
      test('are questions with their answers, the conversation used last first, in it the newest first', async () => {
        const older = await create({ title: 'older' })
        const [first, second] = await talk(older, 2)
        const newer = await create({ title: 'newer' })
        const run = stored.newRun(newer, { createdAt: stored.NOON + 60_000 })
        await store.runs.admit(stored.question(run, 'hello'))
        if (!first || !second) throw new Error('There are two runs.')
        const again = stored.newRun(older, { userMessageId: second.userMessageId })
        await store.runs.admit(stored.regeneration(again))
        const { exchanges, total } = await store.conversations.exchanges(owner, 1, 20)
        expect(total).toBe(4)
        expect(exchanges.map(({ conversation }) => conversation.title)).toEqual([
          'newer',
          'older',
          'older',
          'older',
        ])
        expect(exchanges.map(({ message }) => message.id)).toEqual([
          run.messageId,
          again.messageId,
          second.messageId,
          first.messageId,
        ])
        expect(exchanges.map(({ userMessage }) => userMessage.content)).toEqual([
          'hello',
          'question 1',
          'question 1',
          'question 0',
        ])
        const page = await store.conversations.exchanges(owner, 2, 3)
        expect(page).toEqual({ exchanges: exchanges.slice(3), total: 4 })
      })

      test('show nothing of others, and nothing deleted', async () => {
        await ask(await create({}, stored.newOwner(owner.tenantId)), 'secret')
        const mine = await create()
        await ask(mine, 'gone')
        await remove(mine)
        expect(await store.conversations.exchanges(owner, 1, 20)).toEqual({ exchanges: [], total: 0 })
      })
    })

    describe('soft delete', () => {
      test('makes the conversation and all in it absent, once, with one event', async () => {
        const conversation = await create()
        const run = await ask(conversation, 'hello')
        expect(await remove(conversation)).toBe(true)
        expect(await remove(conversation)).toBe(false)
        const { conversations, runs } = store
        expect(await conversations.find(owner, conversation.id)).toBeNull()
        expect(await conversations.list(owner, 1, 20)).toEqual({ conversations: [], total: 0 })
        expect(
          await conversations.update(
            owner,
            conversation.id,
            stored.renamed('x'),
            stored.updated(conversation),
          ),
        ).toBeNull()
        expect((await conversations.messages(owner, conversation.id, { limit: 5 })).messages).toEqual([])
        expect(await conversations.findMessage(owner, run.messageId)).toBeNull()
        expect(await conversations.branch(owner, run.messageId, 5)).toEqual([])
        expect(await runs.find(owner, run.id)).toBeNull()
        expect(await runs.findActive(owner, conversation.id)).toBeNull()
        const events = await store.events(owner.tenantId)
        expect(events.filter(({ type }) => type === 'conversation.deleted')).toEqual([
          stored.deleted(conversation),
        ])
      })

      test('keeps the id: it cannot be used again, by anybody', async () => {
        const conversation = await create()
        await remove(conversation)
        for (const who of [owner, stored.newOwner(owner.tenantId)]) {
          const again = stored.newConversation(who, { id: conversation.id })
          await expect(store.conversations.create(again, stored.created(again))).rejects.toMatchObject({
            code: 'id-already-used',
          })
        }
      })

      test('of parallel deletes exactly one deletes', async () => {
        const conversation = await create()
        const results = await Promise.all(Array.from({ length: 10 }, () => remove(conversation)))
        expect(results.filter(Boolean)).toHaveLength(1)
      })
    })

    describe('join', () => {
      const user = 'u_42'
      const join = (visitor: Owner, subject = user) =>
        store.conversations.join(visitor, subject, (id) =>
          stored.joined({ ...stored.newConversation(visitor), id }, subject),
        )
      const asUser = (): Owner => ({ tenantId: owner.tenantId, ownerId: user })

      test('gives conversations, messages and runs of the visitor to the user', async () => {
        const [first, second] = [await create(), await create()]
        const run = await ask(first, 'before signing in')
        expect(await join(owner)).toBe(2)
        expect(await store.conversations.list(owner, 1, 9)).toMatchObject({ total: 0 })
        expect((await store.conversations.list(asUser(), 1, 9)).total).toBe(2)
        expect(await store.conversations.find(asUser(), second.id)).toEqual({ ...second, ownerId: user })
        expect(await store.conversations.findMessage(asUser(), run.userMessageId)).toMatchObject({
          content: 'before signing in',
        })
        expect(await store.runs.find(owner, run.id)).toBeNull()
        expect(await store.runs.find(asUser(), run.id)).toMatchObject({ ownerId: user })
      })

      test('a run that goes on in the meantime ends as if nothing had happened', async () => {
        const run = await ask(await create(), 'hello')
        await join(owner)
        const how = stored.completed('answer')
        expect(await store.runs.end(stored.refOf(run), how, stored.ended(run, how))).toBe(true)
        expect(await store.conversations.findMessage(asUser(), run.messageId)).toMatchObject({
          content: 'answer',
          status: 'completed',
        })
      })

      test('writes one event for each, and none the second time', async () => {
        const [first, second] = [await create(), await create()]
        await join(owner)
        expect(await join(owner)).toBe(0)
        const events = await store.events(owner.tenantId)
        const byId = (a: { subjectId: string }, b: { subjectId: string }) =>
          a.subjectId < b.subjectId ? -1 : 1
        expect(events.slice(2).toSorted(byId)).toEqual(
          [stored.joined(first, user), stored.joined(second, user)].toSorted(byId),
        )
      })

      test('puts the history of several visitors together', async () => {
        const mine = await create({}, asUser())
        const laptop = await create()
        const phone = await create({}, stored.newOwner(owner.tenantId))
        await join(owner)
        await join(stored.ownerOf(phone))
        const { conversations } = await store.conversations.list(asUser(), 1, 9)
        expect(new Set(idsOf(conversations))).toEqual(new Set([mine.id, laptop.id, phone.id]))
      })

      test('touches nobody else, neither of the tenant nor of another one with the same visitor id', async () => {
        const neighbour = await create({}, stored.newOwner(owner.tenantId))
        const elsewhere = { ...owner, tenantId: stored.newId('t') }
        const foreign = await create({}, elsewhere)
        await create()
        expect(await join(owner)).toBe(1)
        expect(await store.conversations.find(stored.ownerOf(neighbour), neighbour.id)).toEqual(neighbour)
        expect(await store.conversations.find(elsewhere, foreign.id)).toEqual(foreign)
        expect(await store.conversations.find({ ...elsewhere, ownerId: user }, foreign.id)).toBeNull()
      })

      test('takes what was deleted along, and it stays deleted', async () => {
        const conversation = await create()
        await remove(conversation)
        expect(await join(owner)).toBe(1)
        expect(await store.conversations.find(asUser(), conversation.id)).toBeNull()
        expect((await store.conversations.list(asUser(), 1, 9)).total).toBe(0)
      })

      test('of two users who come at once, one gets everything', async () => {
        for (let i = 0; i < 5; i++) await create()
        const counts = await Promise.all(Array.from({ length: 6 }, (_, i) => join(owner, `u_${i % 2}`)))
        expect(counts.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 5])
        expect(await store.events(owner.tenantId)).toHaveLength(10)
      })
    })

    describe('messages', () => {
      test('gives the newest first to last, and pages backwards without gap or double', async () => {
        const conversation = await create()
        const runs = await talk(conversation, 5)
        const all = runs.flatMap(({ userMessageId, messageId }) => [userMessageId, messageId])
        const newest = await store.conversations.messages(owner, conversation.id, { limit: 4 })
        expect(idsOf(newest.messages)).toEqual(all.slice(6))
        expect(newest.hasMore).toBe(true)
        const read = (before: string | undefined) =>
          store.conversations.messages(owner, conversation.id, { limit: 4, ...(before && { before }) })
        const middle = await read(newest.messages[0]?.id)
        expect(idsOf(middle.messages)).toEqual(all.slice(2, 6))
        expect(middle.hasMore).toBe(true)
        const oldest = await read(middle.messages[0]?.id)
        expect(idsOf(oldest.messages)).toEqual(all.slice(0, 2))
        expect(oldest.hasMore).toBe(false)
        expect(await read(oldest.messages[0]?.id)).toEqual({ messages: [], hasMore: false })
      })

      test('says that there is no more when the page is exactly full', async () => {
        const conversation = await create()
        await talk(conversation, 2)
        const page = await store.conversations.messages(owner, conversation.id, { limit: 4 })
        expect(page.messages).toHaveLength(4)
        expect(page.hasMore).toBe(false)
      })

      test('gives nothing before a message that is not in the conversation', async () => {
        const [here, there] = [await create(), await create()]
        await talk(here, 1)
        const [foreign] = await talk(there, 1)
        for (const before of ['m_unknown', String(foreign?.messageId)]) {
          const page = await store.conversations.messages(owner, here.id, { before, limit: 9 })
          expect(page).toEqual({ messages: [], hasMore: false })
        }
      })

      test('shows all branches', async () => {
        const conversation = await create()
        const first = await ask(conversation, 'one')
        const edited = await ask(conversation, 'one, edited')
        const { messages } = await store.conversations.messages(owner, conversation.id, { limit: 9 })
        expect(idsOf(messages)).toEqual([
          first.userMessageId,
          first.messageId,
          edited.userMessageId,
          edited.messageId,
        ])
      })

      test('parallel questions each keep their answer right behind them', async () => {
        const conversation = await create()
        await Promise.all(Array.from({ length: 12 }, (_, i) => ask(conversation, `question ${i}`)))
        const { messages } = await store.conversations.messages(owner, conversation.id, { limit: 100 })
        expect(messages).toHaveLength(24)
        for (let i = 0; i < 24; i += 2) {
          expect(messages[i]?.role).toBe('user')
          expect(messages[i + 1]?.parentId).toBe(messages[i]?.id)
        }
      })
    })

    describe('content', () => {
      const roundTrip = async (content: string): Promise<string | undefined> => {
        const run = await ask(await create(), content)
        return (await store.conversations.findMessage(owner, run.userMessageId))?.content
      }

      test.each([
        ['nothing', ''],
        ['emoji and combining marks', '👩‍👩‍👧 e\u0301 🇩🇪'],
        ['every kind of white space', ' \t\r\n\u2028\u2029\u00a0 '],
        ['control characters', '\u0001\u001b[31m\u007f'],
        ['what looks like SQL', `'; drop table messages; -- " \\ $1 ? :x @y`],
        ['private use, non-characters and a byte order mark', '\ufeff\ue000\uffff\u{10ffff}'],
      ])('keeps %s', async (_, content) => {
        expect(await roundTrip(content)).toBe(content)
      })

      test('keeps 100 kB', async () => {
        const content = 'Größe 👍 '.repeat(10_000)
        expect(Buffer.byteLength(content)).toBeGreaterThan(100_000)
        expect(await roundTrip(content)).toBe(content)
      })

      test('puts U+FFFD for what no store can keep: U+0000 and halves of characters', async () => {
        expect(await roundTrip('a\0b\ud83dc\udc4d👍\ud83d')).toBe('a\uFFFDb\uFFFDc\uFFFD👍\uFFFD')
        const conversation = stored.newConversation(owner, { title: 'a\0b\ud83d' })
        const result = await store.conversations.create(conversation, stored.created(conversation))
        expect(result.conversation.title).toBe('a\uFFFDb\uFFFD')
        const renamed = await store.conversations.update(
          owner,
          conversation.id,
          stored.renamed('\0'),
          stored.updated(conversation),
        )
        expect(renamed?.title).toBe('\uFFFD')
      })
    })

    describe('branch', () => {
      test('is the path from the first message down to the given one', async () => {
        const conversation = await create()
        const [first, second] = await talk(conversation, 2)
        if (!first || !second) throw new Error('two questions were asked')
        const edited = await ask(conversation, 'question 1, edited', first.messageId)
        const branch = await store.conversations.branch(owner, edited.messageId, 50)
        expect(idsOf(branch)).toEqual([
          first.userMessageId,
          first.messageId,
          edited.userMessageId,
          edited.messageId,
        ])
        expect(idsOf(await store.conversations.branch(owner, second.userMessageId, 50))).toEqual([
          first.userMessageId,
          first.messageId,
          second.userMessageId,
        ])
        expect(branch[2]).toEqual(await store.conversations.findMessage(owner, edited.userMessageId))
      })

      test('holds the newest of a path that is longer than the limit', async () => {
        const conversation = await create()
        const runs = await talk(conversation, 30)
        const all = runs.flatMap(({ userMessageId, messageId }) => [userMessageId, messageId])
        const last = String(all.at(-1))
        expect(idsOf(await store.conversations.branch(owner, last, 7))).toEqual(all.slice(-7))
        expect(idsOf(await store.conversations.branch(owner, last, 1))).toEqual([last])
        expect(idsOf(await store.conversations.branch(owner, last, 1_000))).toEqual(all)
      })

      test('is empty for an unknown message', async () => {
        expect(await store.conversations.branch(owner, 'm_unknown', 10)).toEqual([])
      })
    })
  })
}
