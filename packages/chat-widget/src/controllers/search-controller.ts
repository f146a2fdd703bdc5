import type { ReactiveControllerHost } from '../rendering/reactive-controller.js'
import type { Found } from '../chat-conversation-list/matching.js'
import type { WidgetClient } from '../chat-widget/open-client.js'

/** What the server found last. */
export class SearchController {
  #found: Found | null = null
  #query = ''

  constructor(private readonly host: ReactiveControllerHost) {}

  get found(): Found | null {
    return this.#found
  }

  async run(client: WidgetClient, query: string): Promise<void> {
    this.#query = query
    // Where the server does not answer, the titles that are here are what can be found.
    const conversations = await client.history.search(query).catch(() => [])
    if (query !== this.#query) return
    this.#found = { query, conversations }
    this.host.requestUpdate()
  }
}
