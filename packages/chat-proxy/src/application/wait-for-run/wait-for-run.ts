import type { Caller } from '../../domain/caller.js'
import type { ConversationRepository } from '../../domain/ports/index.js'
import { exchangeOf, type Exchange } from '../shared/exchange.js'
import { ownerOf } from '../shared/owner.js'
import { awaitEnd, type AwaitEndDeps } from './await-end.js'

/** The question and the answer of a run, once it has ended; for clients that do not stream. */
export class WaitForRun {
  readonly #deps: AwaitEndDeps & { readonly conversations: ConversationRepository }

  constructor(deps: AwaitEndDeps & { readonly conversations: ConversationRepository }) {
    this.#deps = deps
  }

  /** @throws DomainError `run-not-found`, `store-unavailable` */
  async execute(caller: Caller, runId: string, signal: AbortSignal): Promise<Exchange> {
    const owner = ownerOf(caller)
    return exchangeOf(this.#deps.conversations, owner, await awaitEnd(this.#deps, owner, runId, signal))
  }
}
