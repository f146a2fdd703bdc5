import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'
import type { ChatMessageEvent } from '../events/events.js'

export interface AttentionHost extends ReactiveControllerHost, EventTarget {
  readonly notifyTitle: boolean
  readonly notifySound: boolean
}

/** Tells a visitor who looks elsewhere that an answer is there: a number at the launcher, and what the site asks for. */
export class AttentionController implements ReactiveController {
  #unread = 0
  #stopBlinking: (() => void) | null = null

  /**
   * @param isOpen the conversation can be seen when the page can
   * @param words for the title, given how many answers there are
   */
  constructor(
    private readonly host: AttentionHost,
    private readonly isOpen: () => boolean,
    private readonly words: (count: number) => string,
  ) {
    host.addController(this)
    host.addEventListener('chat-message', (event) => this.#onMessage(event as ChatMessageEvent)) // the name's own type
  }

  /** Answers that have ended since the visitor looked last. */
  get unread(): number {
    return this.#unread
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#look)
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#look)
    this.#clear()
  }

  hostUpdated(): void {
    this.#look()
  }

  readonly #look = (): void => {
    if (this.#unread > 0 && this.#isSeen()) this.#clear()
  }

  #isSeen(): boolean {
    return this.isOpen() && document.visibilityState === 'visible'
  }

  #onMessage(event: ChatMessageEvent): void {
    const { role, status } = event.detail
    if (role !== 'assistant' || status === 'stopped' || this.#isSeen()) return
    // The page hears it after this, and may tell the visitor itself.
    queueMicrotask(() => event.defaultPrevented || this.#count())
  }

  #count(): void {
    this.#unread += 1
    this.host.requestUpdate()
    void this.#notify()
  }

  async #notify(): Promise<void> {
    const { notifyTitle, notifySound } = this.host
    if (!notifyTitle && !notifySound) return
    // What does not come is not missed: the number at the launcher is there.
    const notify = await import('../attention/notify.js').catch(() => null)
    if (!notify || this.#unread === 0) return
    if (notifySound) void notify.playSound()
    if (!notifyTitle) return
    this.#stopBlinking?.()
    this.#stopBlinking = notify.blinkTitle(this.words(this.#unread))
  }

  #clear(): void {
    this.#unread = 0
    this.#stopBlinking?.()
    this.#stopBlinking = null
    this.host.requestUpdate()
  }
}
