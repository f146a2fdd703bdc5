import { EMPTY_SNAPSHOT, type ChatMessage, type ChatSnapshot } from '@colloquy/chat-core'
import type { ReactiveController, ReactiveControllerHost } from '@lit/reactive-element'
import type { WidgetClient } from '../chat-widget/open-client.js'
import { eventsBetween } from '../events/events-between.js'

/** Ids of versions, oldest first, by the id of each of them. */
export type VersionMap = ReadonlyMap<string, readonly string[]>

/** Binds one chat client to the element: its state becomes renders, its changes become events for the page. */
export class ChatController implements ReactiveController {
  #client: WidgetClient | null = null
  #snapshot: ChatSnapshot = EMPTY_SNAPSHOT
  #unsubscribe: (() => void) | null = null
  #versions: VersionMap = new Map()

  constructor(private readonly host: ReactiveControllerHost & EventTarget) {
    host.addController(this)
  }

  get snapshot(): ChatSnapshot {
    return this.#snapshot
  }

  /** Ids of all versions of each message, where there are several. The same map until other messages are shown. */
  get versions(): VersionMap {
    return this.#versions
  }

  get client(): WidgetClient | null {
    return this.#client
  }

  /** Takes a client over and shows it; lets go of the one before without ending it. */
  attach(client: WidgetClient | null): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#client = client
    this.#take(client?.getSnapshot() ?? EMPTY_SNAPSHOT)
    if (client) this.#unsubscribe = client.subscribe(() => this.#onChange(client))
    this.host.requestUpdate()
  }

  hostDisconnected(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
  }

  hostConnected(): void {
    if (this.#client) this.attach(this.#client)
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
