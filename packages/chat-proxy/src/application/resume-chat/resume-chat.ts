import { isId } from '@colloquy/chat-core/protocol'
import type { Caller } from '../../domain/caller.js'
import type { Clock, ConversationRepository, RunRepository } from '../../domain/ports/index.js'
import { isTerminal, type Run } from '../../domain/run.js'
import { ownerOf } from '../shared/owner.js'

/** How long after its end an answer is still given to a client that may have lost its line before. */
const REPLAY_MS = 10 * 60_000

export interface ResumeChatDeps {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly clock: Clock
}

/** Finds what a client that knows its chat and no run may have missed. */
export class ResumeChat {
  readonly #deps: ResumeChatDeps

  constructor(deps: ResumeChatDeps) {
    this.#deps = deps
  }

  /** @returns the newest answer's run while it is generated and shortly after; `null` also for a chat nobody knows */
  async execute(caller: Caller, chatId: string): Promise<Run | null> {
    const { conversations, runs, clock } = this.#deps
    const owner = ownerOf(caller)
    const conversation = isId(chatId) ? await conversations.find(owner, chatId) : null
    if (!conversation?.headId) return null
    const head = await conversations.findMessage(owner, conversation.headId)
    const run = head?.runId ? await runs.find(owner, head.runId) : null
    if (!run || !isTerminal(run.status)) return run
    return clock.now() - (run.endedAt ?? 0) <= REPLAY_MS ? run : null
  }
}
