import { EMPTY_SNAPSHOT, type ChatClient, type ChatSnapshot } from '@colloquy/chat-core'
import type { ReactiveController, ReactiveControllerHost } from '@lit/reactive-element'
import { eventsBetween } from '../events/events-between.js'

/** Binds one chat client to the element: its state becomes renders, its changes become events for the page. */
export class ChatController implements ReactiveController {
  #client: ChatClient | null = null
  #snapshot: ChatSnapshot = EMPTY_SNAPSHOT
  #unsubscribe: (() => void) | null = null

  constructor(private readonly host: ReactiveControllerHost & EventTarget) {
    host.addController(this)
  }

  get snapshot(): ChatSnapshot {
    return this.#snapshot
  }

  get client(): ChatClient | null {
    return this.#client
  }

  /** Takes a client over and shows it; lets go of the one before without ending it. */
  attach(client: ChatClient | null): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#client = client
    this.#snapshot = client?.getSnapshot() ?? EMPTY_SNAPSHOT
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

  #onChange(client: ChatClient): void {
    const before = this.#snapshot
    this.#snapshot = client.getSnapshot()
    this.host.requestUpdate()
    for (const event of eventsBetween(before, this.#snapshot)) this.host.dispatchEvent(event)
  }
}
