import type { Clock, ConversationRepository, Logger, RunRepository } from '../../domain/ports/index.js'
import type { Run, RunEnd } from '../../domain/run.js'
import { endedEvent } from '../generate/ended-event.js'
import { INTERRUPTED } from '../generate/outcome.js'

export interface RecoverOrphansDeps {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly clock: Clock
  readonly logger: Logger
}

/** At start: ends the runs whose process died, with the text that was saved last. */
export class RecoverOrphans {
  readonly #deps: RecoverOrphansDeps

  constructor(deps: RecoverOrphansDeps) {
    this.#deps = deps
  }

  async execute(): Promise<void> {
    const orphans = await this.#deps.runs.findOrphans()
    for (const run of orphans) {
      const end = await this.#endOf(run)
      await this.#deps.runs.end(
        { tenantId: run.tenantId, runId: run.id },
        end,
        endedEvent(run, end, 'system'),
      )
    }
    if (orphans.length > 0) this.#deps.logger.info('ended interrupted runs', { count: orphans.length })
  }

  async #endOf(run: Run): Promise<RunEnd> {
    const { tenantId, ownerId, messageId, model, usage, lastSeq } = run
    const message = await this.#deps.conversations.findMessage({ tenantId, ownerId }, messageId)
    return {
      status: 'interrupted',
      // Without a message its conversation was deleted, and nobody can read the text.
      content: message?.content ?? '',
      model,
      usage,
      error: INTERRUPTED,
      lastSeq,
      endedAt: this.#deps.clock.now(),
    }
  }
}
