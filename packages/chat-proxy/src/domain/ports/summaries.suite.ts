import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Conversation } from '../conversation.js'
import type { DomainEvent } from '../domain-event.js'
import type { Summary } from '../summary.js'
import type { Owner } from './conversation-repository.js'
import * as stored from './testing/stored-records.js'
import type { OpenStore } from './testing/stored-records.js'

/** What every adapter of the summaries must do. */
export function summariesSuite(name: string, open: () => Promise<OpenStore>): void {
  describe(`summaries: ${name}`, () => {
    let store: OpenStore
    let owner: Owner
    let conversation: Conversation

    beforeEach(async () => {
      store = await open()
      owner = stored.newOwner()
      conversation = stored.newConversation(owner)
      await store.conversations.create(conversation, stored.created(conversation))
    })
    afterEach(() => store.close())

    const ask = () => stored.answered(store, stored.question(stored.newRun(conversation), 'hello'))
    const of = (messageId: string, text = 'They said hello.'): Summary => ({
      tenantId: owner.tenantId,
      conversationId: conversation.id,
      messageId,
      text,
      createdAt: stored.NOON,
    })
    const event = (): DomainEvent => ({
      ...stored.updated(conversation),
      type: 'conversation.summarised',
    })
    const keep = (summary: Summary, by = owner) => store.summaries.keep(by, summary, event())

    test('are found by the message they end at, and kept once', async () => {
      const [first, second] = [await ask(), await ask()]
      const summary = of(first.messageId, 'Größe \0 東京')
      expect(await keep(summary)).toBe(true)
      expect(await keep(of(first.messageId, 'another'))).toBe(false)
      expect(await store.summaries.find(owner, [first.messageId, second.messageId])).toEqual([
        { ...summary, text: 'Größe \uFFFD 東京' },
      ])
      expect(await store.summaries.find(owner, [second.messageId])).toEqual([])
      expect(await store.summaries.find(owner, [])).toEqual([])
      const events = await store.events(owner.tenantId)
      expect(events.filter(({ type }) => type === 'conversation.summarised')).toEqual([event()])
    })

    test('belong to the owner of the conversation, and go with it', async () => {
      const run = await ask()
      const foreign = { ...owner, ownerId: stored.newId('v') }
      expect(await keep(of(run.messageId), foreign)).toBe(false)
      expect(await keep(of('m_unknown'))).toBe(false)
      await keep(of(run.messageId))
      expect(await store.summaries.find(foreign, [run.messageId])).toEqual([])
      await store.conversations.softDelete(owner, conversation.id, stored.deleted(conversation))
      expect(await store.summaries.find(owner, [run.messageId])).toEqual([])
      expect(await keep(of(run.userMessageId))).toBe(false)
      const until = { deletedUntil: stored.NOON + 1, limit: 9, at: stored.NOON }
      await store.retention.purge(owner.tenantId, until)
      expect(await store.everything()).not.toContain(run.messageId)
    })
  })
}
