import {
  contextWindow,
  newestThatFit,
  type Context,
  type ContextLimits,
} from '../../domain/context-window.js'
import type { Message } from '../../domain/message.js'
import { withPageContexts } from '../../domain/page-context.js'
import type { ConversationRepository, ModelMessage, Owner, Summaries } from '../../domain/ports/index.js'
import type { Tenant } from '../../domain/tenant.js'

export interface ContextSettings extends ContextLimits {
  /** Whether what no longer fits is kept as a summary. */
  readonly summarise: boolean
}

export interface ConversationContextDeps {
  readonly conversations: ConversationRepository
  readonly summaries: Summaries
  readonly settings: { readonly context: ContextSettings }
}

/** A question that is not stored yet. */
type NextQuestion = Pick<Message, 'content' | 'pageContext'>

/** A branch with what is known of it. */
export interface BranchContext extends Context<Message> {
  /** Those of `said` that are shown with a next question of usual length. */
  readonly shown: readonly Message[]
}

/** Summaries are made when a window is full; this many windows back one is looked for. */
const WINDOWS = 3

/** The rest of the tokens is for the next question. */
const SHARE_BESIDE_NEXT = 0.75

/** What the model is shown of a branch, for whoever asks it and for whoever counts what that may cost. */
export class ConversationContext {
  readonly #deps: ConversationContextDeps

  constructor(deps: ConversationContextDeps) {
    this.#deps = deps
  }

  /**
   * @param lastId newest message of the branch; `null`: none
   * @param next asked after it, and not stored yet
   * @returns null when there is no such branch (any more)
   */
  async messages(
    owner: Owner,
    { systemPrompt }: Pick<Tenant, 'systemPrompt'>,
    { lastId, next }: { readonly lastId: string | null; readonly next?: NextQuestion },
  ): Promise<readonly ModelMessage[] | null> {
    const context = await this.#read(owner, systemPrompt, lastId)
    if (lastId !== null && context.said.length === 0 && context.summary === null) return null
    const asked = next === undefined ? [] : [{ ...next, role: 'user', usage: null } as const]
    const said = withPageContexts([...context.said, ...asked])
    return contextWindow({ ...context, said }, this.#deps.settings.context)
  }

  /** The branch that ends with `lastId`, behind the newest summary. */
  async read(owner: Owner, systemPrompt: string, lastId: string): Promise<BranchContext> {
    const context = await this.#read(owner, systemPrompt, lastId)
    const said = withPageContexts(context.said)
    const { messages, tokens } = this.#deps.settings.context
    const besideNext = { messages: Math.max(1, messages - 1), tokens: Math.floor(tokens * SHARE_BESIDE_NEXT) }
    return { ...context, said, shown: newestThatFit({ ...context, said }, besideNext) }
  }

  async #read(owner: Owner, systemPrompt: string, lastId: string | null): Promise<Context<Message>> {
    const { conversations, settings } = this.#deps
    const { summarise, messages } = settings.context
    if (lastId === null) return { systemPrompt, summary: null, said: [] }
    const branch = await conversations.branch(owner, lastId, summarise ? messages * WINDOWS : messages)
    if (!summarise) return { systemPrompt, summary: null, said: branch }
    return { systemPrompt, ...(await this.#behindSummary(owner, branch)) }
  }

  async #behindSummary(
    owner: Owner,
    branch: readonly Message[],
  ): Promise<Pick<Context<Message>, 'summary' | 'said'>> {
    const ids = branch.map(({ id }) => id)
    const summaries = await this.#deps.summaries.find(owner, ids)
    const textAt = new Map(summaries.map(({ messageId, text }) => [messageId, text]))
    const last = branch.findLastIndex(({ id }) => textAt.has(id))
    return { summary: textAt.get(branch[last]?.id ?? '') ?? null, said: branch.slice(last + 1) }
  }
}
