import type { Caller } from '../../domain/caller.js'
import type { ConversationRepository } from '../../domain/ports/index.js'
import { isTerminal, type Run } from '../../domain/run.js'
import { exchangeOf, type Exchange } from '../shared/exchange.js'
import { requireRun } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { awaitEnd, endNotStored, type AwaitEndDeps } from './await-end.js'

/** The question and the answer of a run, once it has ended; for clients that do not stream. */
export class WaitForRun {
  readonly #deps: AwaitEndDeps & { readonly conversations: ConversationRepository }

  constructor(deps: AwaitEndDeps & { readonly conversations: ConversationRepository }) {
    this.#deps = deps
  }

  /** @throws DomainError `run-not-found`, `store-unavailable` */
  async execute(caller: Caller, runId: string, signal: AbortSignal): Promise<Exchange> {
    return this.of(caller, await requireRun(this.#deps.runs, ownerOf(caller), runId), signal)
  }

  /** The same for who has just asked. @throws DomainError `message-not-found` when the conversation is gone, `store-unavailable` */
  async of(caller: Caller, run: Run, signal: AbortSignal): Promise<Exchange> {
    const owner = ownerOf(caller)
    const isTold = await awaitEnd(this.#deps, owner, run, signal)
    const exchange = await exchangeOf(this.#deps.conversations, owner, run)
    // The end of the answer is stored together with that of the run.
    if (isTold && !isTerminal(exchange.message.status)) throw endNotStored()
    return exchange
  }
}
