import { EMPTY_SNAPSHOT, type ChatMessage, type ChatSnapshot } from '@colloquy/chat-core'
import type { WidgetClient } from '../chat-widget/open-client.js'
import type { ReactiveController, ReactiveControllerHost } from '@lit/reactive-element'
import { deadlineOf, isLimit } from '../limits/deadline.js'
import { eventsBetween } from '../events/events-between.js'

/** Ids of versions, oldest first, by the id of each of them. */
export type VersionMap = ReadonlyMap<string, readonly string[]>

/** Where the client comes from. */
export interface ClientSource {
  /** The page's own client, if it has one. It is never ended by the widget. */
  given(): WidgetClient | null
  make(): WidgetClient
  /** A client is in use from now on, before anything was asked of it. */
  connected(client: WidgetClient): void
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

  /** The client in use; makes one with the first need of it. */
  connect(): WidgetClient {
    if (this.#client) return this.#client
    const client = this.source.given() ?? (this.#own = this.source.make())
    this.#attach(client)
    this.source.connected(client)
    return client
  }

  /** Lets go of the client, and ends it where it was made here. */
  disconnect(): void {
    this.#attach(null)
    this.#own?.destroy()
    this.#own = null
  }

  #attach(client: WidgetClient | null): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#client = client
    this.#waitUntil = null
    this.#take(client?.getSnapshot() ?? EMPTY_SNAPSHOT)
    if (client) this.#unsubscribe = client.subscribe(() => this.#onChange(client))
    this.host.requestUpdate()
  }

  hostDisconnected(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
  }

  hostConnected(): void {
    if (this.#client) this.#attach(this.#client)
  }

  #onChange(client: WidgetClient): void {
    const before = this.#snapshot
    this.#take(client.getSnapshot())
    this.host.requestUpdate()
    for (const event of eventsBetween(before, this.#snapshot)) this.host.dispatchEvent(event)
  }

  #take(snapshot: ChatSnapshot): void {
    const { messages } = this.#snapshot
    this.#snapshot = snapshot
    const error = snapshot.messages.at(-1)?.error ?? snapshot.error
    if (error && isLimit(error)) this.#waitUntil = deadlineOf(error)
    // An answer is coming: whatever was reached is behind us.
    else if (snapshot.phase === 'streaming') this.#waitUntil = null
    if (!hasSameIds(messages, snapshot.messages)) this.#versions = versionMap(this.#client, snapshot.messages)
  }
}

/** While an answer is written this is asked for every frame; nothing of it changes then. */
const hasSameIds = (a: readonly ChatMessage[], b: readonly ChatMessage[]): boolean =>
  a === b || (a.length === b.length && a.every(({ id }, index) => id === b[index]?.id))

function versionMap(client: WidgetClient | null, messages: readonly ChatMessage[]): VersionMap {
  const entries = messages.map(({ id }) => [id, client?.versions.of(id) ?? []] as const)
  return new Map(entries.filter(([, ids]) => ids.length > 1))
}
