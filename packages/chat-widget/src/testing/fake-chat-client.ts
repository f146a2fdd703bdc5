import {
  EMPTY_SNAPSHOT,
  type ChatMessage,
  type ChatSnapshot,
  type ConversationSummary,
  type RunOutcome,
  type SessionInfo,
} from '@colloquy/chat-core'
import type { PageContextPart } from '@colloquy/chat-core/page-context'
import type { Feedback } from '@colloquy/chat-core/feedback'
import type { History } from '@colloquy/chat-core/history'
import type { Identity } from '@colloquy/chat-core/identity'
import type { Versions } from '@colloquy/chat-core/versions'
import type { WidgetClient } from '../chat-widget/open-client.js'

export const session: SessionInfo = {
  visitorId: 'v_fake01',
  tenant: 'default',
  greeting: 'Hello! What would you like to know?',
  suggestions: ['How does shipping work?', 'Show me what you can do'],
  features: { demo: true },
  limits: { max_message_chars: 8_000, heartbeat_seconds: 10 },
}

/** A chat client without a server: tests set its state and look at what it was asked to do. */
export class FakeChatClient implements WidgetClient {
  /** Every call, as `name(argument)`. */
  readonly calls: string[] = []
  destroyed = false
  /** Ids of versions, by the id of each of them. */
  readonly known = new Map<string, readonly string[]>()
  #snapshot: ChatSnapshot = EMPTY_SNAPSHOT
  readonly #deleted: ConversationSummary[] = []
  readonly #listeners = new Set<() => void>()

  /** Changes the state, as the real client would after hearing from the server. */
  set(change: Partial<ChatSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change }
    for (const listener of this.#listeners) listener()
  }

  /** Replaces the message with the same id, or appends it. */
  put(message: ChatMessage): void {
    const { messages } = this.#snapshot
    const known = messages.some(({ id }) => id === message.id)
    this.set({
      messages: known
        ? messages.map((old) => (old.id === message.id ? message : old))
        : [...messages, message],
    })
  }

  getSnapshot(): ChatSnapshot {
    return this.#snapshot
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get listeners(): number {
    return this.#listeners.size
  }

  async start(): Promise<void> {
    this.calls.push('start()')
    this.set({ session })
  }

  send(content: string): Promise<RunOutcome> {
    this.calls.push(`send(${content})`)
    const id = this.#snapshot.messages.length
    const question = fakeMessage({ id: `m_user${id}`, role: 'user', content, status: 'sending' })
    const answer = fakeMessage({ id: `m_answer${id}`, role: 'assistant', content: '', status: 'sending' })
    this.set({ phase: 'sending', messages: [...this.#snapshot.messages, question, answer] })
    return Promise.resolve({ status: 'done', message: answer, error: null })
  }

  async stop(): Promise<void> {
    this.calls.push('stop()')
  }

  retry(messageId: string): Promise<RunOutcome> {
    return this.#again('retry', messageId)
  }

  readonly versions: Versions = {
    regenerate: (messageId) => this.#again('versions.regenerate', messageId),
    edit: (messageId, content) => this.#again('versions.edit', `${messageId}, ${content}`),
    of: (messageId) => this.known.get(messageId) ?? [messageId],
    select: (messageId) => this.#note(`versions.select(${messageId})`),
  }

  newConversation(): void {
    this.calls.push('newConversation()')
    this.set({ conversationId: null, messages: [] })
  }

  readonly history: History = {
    list: async () => this.#note('history.list()'),
    older: async () => this.#note('history.older()'),
    open: async (id) => {
      this.#note(`history.open(${id})`)
      this.set({ conversationId: id })
    },
    rename: async (id, title) => {
      this.#note(`history.rename(${id}, ${title})`)
      const { conversations } = this.#snapshot
      this.set({ conversations: conversations.map((one) => (one.id === id ? { ...one, title } : one)) })
    },
    search: async (query) => {
      this.#note(`history.search(${query})`)
      return this.#snapshot.conversations.filter(({ title }) => title.includes(query))
    },
    restore: async (id) => {
      this.#note(`history.restore(${id})`)
      const { conversations } = this.#snapshot
      this.set({ conversations: [...this.#deleted.filter((one) => one.id === id), ...conversations] })
    },
    remove: async (id) => {
      this.#note(`history.remove(${id})`)
      const { conversations } = this.#snapshot
      this.#deleted.push(...conversations.filter((one) => one.id === id))
      this.set({ conversations: conversations.filter((one) => one.id !== id) })
    },
  }

  readonly feedback: Feedback = {
    rate: async (messageId, rating, comment) => {
      this.#note(`feedback.rate(${messageId}, ${rating}${comment === undefined ? '' : `, ${comment}`})`)
      const message = this.#snapshot.messages.find(({ id }) => id === messageId)
      const feedback = { rating, comment: comment ?? null, created_at: new Date().toISOString() }
      if (message) this.put({ ...message, feedback })
    },
  }

  readonly identity: Identity = {
    identify: async (token) => this.#note(`identity.identify(${token})`),
  }

  readonly pageContext: PageContextPart = {
    set: (facts) => this.#note(`pageContext.set(${JSON.stringify(facts)})`),
  }

  async signOut(): Promise<void> {
    this.calls.push('signOut()')
  }

  destroy(): void {
    this.destroyed = true
  }

  #again(name: string, messageId: string): Promise<RunOutcome> {
    this.#note(`${name}(${messageId})`)
    return Promise.resolve({ status: 'done', message: fakeMessage({ id: messageId }), error: null })
  }

  #note(call: string): void {
    this.calls.push(call)
  }
}

export const fakeMessage = (change: Partial<ChatMessage> = {}): ChatMessage => ({
  id: 'm_000001',
  role: 'assistant',
  content: 'Hello',
  status: 'done',
  createdAt: 1_700_000_000_000,
  parentId: null,
  runId: null,
  error: null,
  ...change,
})
