import type { ChatMessage, ChatSnapshot } from '@colloquy/chat-core'
import type { ReactiveControllerHost } from '../rendering/reactive-controller.js'
import { warnOnce } from '../settings/warn.js'

/** What could be asked after an answer, as the site says. */
export type FollowUps = (answer: ChatMessage) => readonly string[] | Promise<readonly string[]>

/** Asks the site for questions that may follow the last answer, once for each. */
export class FollowUpsController {
  #answerId: string | null = null
  #texts: readonly string[] = []

  constructor(private readonly host: ReactiveControllerHost) {}

  get texts(): readonly string[] {
    return this.#texts
  }

  /** To be told of every state. */
  take({ phase, messages }: ChatSnapshot, followUps: FollowUps | null): void {
    const last = messages.at(-1)
    const answer = phase === 'idle' && last?.role === 'assistant' && last.status === 'done' ? last : null
    if ((answer?.id ?? null) === this.#answerId) return
    this.#answerId = answer?.id ?? null
    this.#texts = []
    if (answer && followUps) void this.#ask(answer, followUps)
  }

  async #ask(answer: ChatMessage, followUps: FollowUps): Promise<void> {
    try {
      const texts = await followUps(answer)
      if (this.#answerId !== answer.id) return
      this.#texts = texts.filter((text) => typeof text === 'string' && text.trim() !== '')
      this.host.requestUpdate()
    } catch (error) {
      warnOnce(`followUps failed: ${String(error)}`)
    }
  }
}
