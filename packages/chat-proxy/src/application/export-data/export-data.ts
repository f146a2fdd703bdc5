import type { Caller } from '../../domain/caller.js'
import type { Message } from '../../domain/message.js'
import type { Clock, CountedUse, KeptConversation, Owner, PersonalData } from '../../domain/ports/index.js'
import { ownerOf } from '../shared/owner.js'

/** A conversation, then each of its messages, then the next conversation. */
export type ExportedPart =
  | { readonly kind: 'conversation'; readonly conversation: KeptConversation }
  | { readonly kind: 'message'; readonly message: Message }

export interface ExportedData {
  readonly caller: Caller
  readonly exportedAt: number
  readonly use: readonly CountedUse[]
  /** Read from the store while it is read here, to be read once. @throws DomainError `store-unavailable` at any place */
  readonly parts: AsyncIterable<ExportedPart>
}

export interface ExportDataDeps {
  readonly personalData: PersonalData
  readonly clock: Clock
}

/** Rows read in one go. */
const PAGE = 100

/** Everything that is kept about the caller, however much it is, without ever holding more than a page of it. */
export class ExportData {
  readonly #deps: ExportDataDeps

  constructor(deps: ExportDataDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `store-unavailable` */
  async execute(caller: Caller): Promise<ExportedData> {
    const { personalData, clock } = this.#deps
    const owner = ownerOf(caller)
    const use = await personalData.use(owner)
    return { caller, exportedAt: clock.now(), use, parts: this.#parts(owner) }
  }

  async *#parts(owner: Owner): AsyncGenerator<ExportedPart> {
    let last: KeptConversation | null = null
    for (;;) {
      const page: readonly KeptConversation[] = await this.#deps.personalData.conversations(owner, last, PAGE)
      for (const conversation of page) {
        yield { kind: 'conversation', conversation }
        yield* this.#messages(owner, conversation.id)
      }
      last = page.at(-1) ?? null
      if (page.length < PAGE) return
    }
  }

  async *#messages(owner: Owner, conversationId: string): AsyncGenerator<ExportedPart> {
    for (let skip = 0; ; skip += PAGE) {
      const page = await this.#deps.personalData.messages(owner, conversationId, { skip, limit: PAGE })
      for (const message of page) yield { kind: 'message', message }
      if (page.length < PAGE) return
    }
  }
}
