import { tellParts, type ClientCore } from '../chat-client/client-core.js'
import { withinLimit } from '../run/within-limit.js'
import type { Tabs } from './tabs.js'

/**
 * Tabs, or chats on one page, that open at the same moment begin as one visitor: while there is no session, one of them asks the
 * server, and the others then find its session in storage. Each for itself they would be strangers to each other's conversations.
 * Who waits longer than a request may take gives up, and may try again.
 */
export function oneVisitor(core: ClientCore, tabs: Tabs): void {
  const { session, state } = core
  const own = { ...session }
  session.token = async (renew) => {
    if (state.session) return own.token(renew)
    return withinLimit(core, (signal) =>
      tabs.lead('session', signal, async () => {
        if (!state.session) await tellParts(core, 'restore')
        return own.token(renew)
      }),
    )
  }
}
