import { ChatError } from '../errors/chat-error.js'
import { ask, retry } from './ask.js'
import type { ChatClient } from './chat-client.js'
import { forgetAll, loading, openConversation, tellParts, type ClientCore } from './client-core.js'
import { createCore } from './create-core.js'
import type { ChatClientOptions } from './options.js'
import type { BoundParts, Parts } from './part.js'
import { requestStop, runTurn, stopTurns } from './run-turn.js'
import { withinLimit } from '../run/within-limit.js'

/**
 * A headless chat. Nothing happens until a method is called.
 *
 * @example
 * const client = createChatClient({ baseUrl: 'https://chat.example.com' })
 * client.subscribe(() => render(client.getSnapshot().messages))
 * await client.send('Hello')
 */
// Without parts nothing is added to the client.
// oxlint-disable-next-line typescript/no-generated-empty-object-type
export function createChatClient<P extends Parts = Record<never, never>>(
  options: ChatClientOptions<P>,
): ChatClient & BoundParts<P> {
  const life = new AbortController()
  const core = createCore(options, life.signal)
  const { store, state, platform } = core
  const parts: Record<string, object | void> = {}
  for (const [name, part] of Object.entries(options.parts ?? {})) parts[name] = part(core)
  const stopListening = platform.onWake(() => {
    store.touch()
    if (platform.isOnline()) readOn(core)
  })
  const client: ChatClient = {
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    start: () => (state.started ??= start(core)),
    send: (content) => ask(core, content),
    retry: (messageId) => retry(core, messageId),
    async stop() {
      // Without a pause where there is nothing to wait for: what is asked next is not meant.
      if (state.restoring) await state.restoring
      if (state.open) await stopTurns(core, state.open)
    },
    newConversation: () => void openConversation(core, null),
    async signOut() {
      // What an earlier page left under way is stopped, too.
      if (state.restoring) await state.restoring
      // Whoever signs out does not wait for a server that is away.
      await withinLimit(core, () =>
        Promise.all(Array.from(state.held.values(), (held) => stopTurns(core, held))),
      ).catch(() => {})
      await forgetAll(core, state.session?.visitorId)
    },
    destroy() {
      stopListening()
      life.abort(new ChatError('aborted', 'The chat ended.'))
      store.destroy()
    },
  }
  // Filled from the very parts that the mapped type names.
  return Object.assign(parts as BoundParts<P>, client)
}

async function start(core: ClientCore): Promise<void> {
  const { session, state } = core
  const isGood = await loading(core, async () => {
    await (state.restoring = tellParts(core, 'restore'))
    state.restoring = null
    await tellParts(core, 'restored')
    await tellParts(core, 'caughtUp')
    await session.token()
    state.error = null
  })
  // After a failure the next call, or wake, tries again.
  if (!isGood) state.started = null
}

/** Takes up what was lost with the line. */
function readOn(core: ClientCore): void {
  const { state } = core
  if (state.started === null) state.started = start(core)
  for (const conversation of state.held.values()) {
    for (const turn of conversation.turns)
      if (turn.stop.signal.aborted) void requestStop(core, conversation, turn)
    for (const turn of conversation.parked.values()) void runTurn(core, conversation, turn)
  }
}
