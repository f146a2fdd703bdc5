import type { PageFacts } from '@colloquy/chat-core/page-context'
import { expectText } from '../settings/parse.js'
import { warnOnce } from '../settings/warn.js'
import type { WidgetClient } from './open-client.js'

/** What the site says of visitor and page, kept for a client that is still to come. */
export class SiteWord {
  /** Undefined while it has said nothing of who the visitor is. */
  #identity: string | null | undefined
  #facts: PageFacts | null = null

  constructor(private readonly client: () => WidgetClient | null) {}

  get hasSaidWho(): boolean {
    return this.#identity !== undefined
  }

  /** @throws ChatError `protocol` when it is neither text nor null */
  async identify(token: string | null): Promise<void> {
    if (token !== null) expectText(token, 'identify', 'a token, or null')
    this.#identity = token
    await this.client()?.identity.identify(token)
  }

  setContext(facts: PageFacts | null): void {
    // What a page without types gives.
    if (facts && (typeof facts !== 'object' || Array.isArray(facts)))
      return warnOnce('setContext() takes an object, or null; ignored.')
    this.#facts = facts
    const client = this.client()
    if (client) tellPage(client, facts)
  }

  /** A client is there, and was asked nothing yet. */
  pass(client: WidgetClient): void {
    if (this.#identity !== undefined) void client.identity.identify(this.#identity)
    if (this.#facts) tellPage(client, this.#facts)
  }
}

/** What cannot be told is the page's mistake, and must not keep anybody from asking. */
function tellPage({ pageContext }: WidgetClient, facts: PageFacts | null): void {
  try {
    pageContext.set(facts)
  } catch (error) {
    warnOnce(`setContext is not followed. ${error instanceof Error ? error.message : ''}`)
  }
}
