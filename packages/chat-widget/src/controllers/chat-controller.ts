import { ChatError, EMPTY_SNAPSHOT, type ChatMessage, type ChatSnapshot } from '@colloquy/chat-core'
import type { LastConversation } from '@colloquy/chat-core/history'
import type { WidgetClient } from '../chat-widget/open-client.js'
import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'
import { deadlineOf, isLimit } from '../limits/deadline.js'
import { eventsBetween } from '../events/events-between.js'
import { ChatErrorEvent, toldByPage } from '../events/events.js'

/** Ids of versions, oldest first, by the id of each of them. */
export type VersionMap = ReadonlyMap<string, readonly string[]>

/** Where the client comes from. */
export interface ClientSource {
  /** The page's own client, if it has one. It is never ended by the widget. */
  given(): WidgetClient | null
  make(): ClientInTheMaking
  /** A client is in use from now on, before anything was asked of it. */
  connected(client: WidgetClient): void
}

/** A client whose code is still on its way. */
export interface ClientInTheMaking {
  /** Rejects when the code does not come. */
  readonly client: Promise<WidgetClient>
  /** What can be shown until it is there. */
  readonly cached: Promise<LastConversation | null>
}

/** Binds one chat client to the element: its state becomes renders, its changes become events for the page. */
export class ChatController implements ReactiveController {
  #client: WidgetClient | null = null
  #snapshot: ChatSnapshot = EMPTY_SNAPSHOT
  #unsubscribe: (() => void) | null = null
  #versions: VersionMap = new Map()
  #waitUntil: number | null = null

  /** The client that was made here, and has to be ended here. */
  #own: WidgetClient | null = null
  #making: Promise<WidgetClient> | null = null
  /** Shown until the client itself has something, or has looked and found nothing. */
  #cached: LastConversation | null = null
  #hasBegun = false

  constructor(
    private readonly host: ReactiveControllerHost & EventTarget,
    private readonly source: ClientSource,
  ) {
    host.addController(this)
  }

  get snapshot(): ChatSnapshot {
    return this.#snapshot
  }

  /** Ids of all versions of each message, where there are several. The same map until other messages are shown. */
  get versions(): VersionMap {
    return this.#versions
  }

  /** When a limit that was reached lets this person ask again, in milliseconds since 1970; null when none was. */
  get waitUntil(): number | null {
    return this.#waitUntil
  }

  get client(): WidgetClient | null {
    return this.#client
  }

  /**
   * Calls `task` with the client: at once where it is there, else when it is.
   * @throws ChatError `upstream` when its code does not come, which is in the snapshot too; the next call tries again
   */
  async use<T>(task: (client: WidgetClient) => T): Promise<Awaited<T>> {
    return await task(this.#client ?? this.#takeGiven() ?? (await this.#make()))
  }

  /** Starts the chat, once. */
  begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    // The failure is in the snapshot.
    void this.use((client) => client.start()).catch(() => undefined)
  }

  /** What an earlier page left is not wanted any more. */
  forgetCached(): void {
    if (!this.#cached) return
    this.#cached = null
    this.#take(this.#client?.getSnapshot() ?? { ...this.#snapshot, ...EMPTY_CONVERSATION })
    this.host.requestUpdate()
  }

  /** Lets go of the client, and ends it where it was made here. */
  disconnect(): void {
    this.#making = this.#cached = null
    this.#hasBegun = false
    this.#attach(null)
    this.#own?.destroy()
    this.#own = null
  }

  #takeGiven(): WidgetClient | null {
    const client = this.source.given()
    if (client) this.#connect(client)
    return client
  }

  #make(): Promise<WidgetClient> {
    if (this.#making) return this.#making
    const { client, cached } = this.source.make()
    const isWanted = (): boolean => this.#making === making
    const making = client.then(
      (made) => {
        if (!isWanted()) {
          made.destroy()
          throw new ChatError('aborted', 'The chat ended.')
        }
        this.#own = made
        this.#connect(made)
        return made
      },
      (cause: unknown) => {
        const error = new ChatError('upstream', 'The code of the chat did not come.', {
          unanswered: true,
          cause,
        })
        if (isWanted()) {
          this.#making = null
          this.#change({ ...this.#snapshot, loading: false, error })
        }
        throw error
      },
    )
    this.#making = making
    this.#change({ ...EMPTY_SNAPSHOT, loading: true, online: navigator.onLine })
    // What cannot be read is left to the client, which says so.
    void cached.then((found) => isWanted() && !this.#client && this.#showCached(found)).catch(() => undefined)
    return making
  }

  #showCached(found: LastConversation | null): void {
    this.#cached = found
    this.#change(this.#snapshot)
  }

  #connect(client: WidgetClient): void {
    this.#attach(client)
    this.source.connected(client)
  }

  #attach(client: WidgetClient | null): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#client = client
    this.#waitUntil = null
    this.#take(client?.getSnapshot() ?? EMPTY_SNAPSHOT)
    if (client) this.#unsubscribe = client.subscribe(() => this.#onChange(client.getSnapshot()))
    this.host.requestUpdate()
  }

  hostDisconnected(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
  }

  hostConnected(): void {
    if (this.#client) this.#attach(this.#client)
    // Whoever takes the element off the page ends the chat; back on it, it may begin anew.
    this.host.requestUpdate()
  }

  #onChange(snapshot: ChatSnapshot): void {
    const hasOwn = this.#cached !== null && !isRestoring(snapshot, this.#cached)
    if (hasOwn) this.#cached = null
    this.#change(snapshot)
    // The messages may be the very same; that they have versions is known only now.
    if (hasOwn) this.#versions = versionMap(this.#client, snapshot.messages)
  }

  #change(snapshot: ChatSnapshot): void {
    const before = this.#snapshot
    this.#take(snapshot)
    this.host.requestUpdate()
    for (const event of eventsBetween(before, this.#snapshot))
      if (!this.host.dispatchEvent(event) && event instanceof ChatErrorEvent) toldByPage.add(event.detail)
  }

  #take(latest: ChatSnapshot): void {
    const { messages } = this.#snapshot
    const snapshot = { ...latest, ...this.#cached }
    this.#snapshot = snapshot
    const error = snapshot.messages.at(-1)?.error ?? snapshot.error
    if (error && isLimit(error)) this.#waitUntil = deadlineOf(error)
    // An answer is coming: whatever was reached is behind us.
    else if (snapshot.phase === 'streaming') this.#waitUntil = null
    if (!hasSameIds(messages, snapshot.messages)) this.#versions = versionMap(this.#client, snapshot.messages)
  }
}

const EMPTY_CONVERSATION = { conversationId: null, messages: EMPTY_SNAPSHOT.messages }

/** The client has not come so far as to show what is in the cache, or something else. */
const isRestoring = (
  { loading, messages, conversationId }: ChatSnapshot,
  cached: LastConversation,
): boolean =>
  loading && messages.length === 0 && (conversationId === null || conversationId === cached.conversationId)

/** While an answer is written this is asked for every frame; nothing of it changes then. */
const hasSameIds = (a: readonly ChatMessage[], b: readonly ChatMessage[]): boolean =>
  a === b || (a.length === b.length && a.every(({ id }, index) => id === b[index]?.id))

function versionMap(client: WidgetClient | null, messages: readonly ChatMessage[]): VersionMap {
  const entries = messages.map(({ id }) => [id, client?.versions.of(id) ?? []] as const)
  return new Map(entries.filter(([, ids]) => ids.length > 1))
}
