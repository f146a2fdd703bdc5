import { heldConversation, openConversation, type ClientCore } from '../chat-client/client-core.js'
import { isId, type StartResponse } from '../protocol/index.js'
import type { ChatStorage, MetaRecord } from '../persistence/storage.js'
import { REMEMBER_MS, RUNGS, type FoundRung } from '../run/ladder.js'
import { newestFirst } from './conversation-list.js'
import { OPEN, SESSION } from './kept-values.js'
import { loadFromStorage } from './stored-conversation.js'

export const rungId = ({ transport }: ClientCore): string => `rung:${transport.origin}`

/** Puts a small value into storage, or with `null` takes it away. */
export const keepValue = (storage: ChatStorage, id: string, value: MetaRecord['value']): Promise<void> =>
  storage.write([value === null ? { remove: 'meta', id } : { put: 'meta', record: { id, value } }])

/** Takes up what an earlier page left: its session, its way of reading, the list, and the conversation that was open. */
export async function restore(core: ClientCore, storage: ChatStorage): Promise<void> {
  const { state, session, store, platform } = core
  const { held } = state
  const values = [SESSION, rungId(core), OPEN].map(async (key) => (await storage.get('meta', key))?.value)
  const [stored, found, id] = await Promise.all(values)
  const listed = await storage.list('conversations')
  // Whoever left it has gone meanwhile. From here on to what is shown nobody can.
  if (state.held !== held) return
  if (isStartResponse(stored)) session.adopt(stored)
  if (isFoundRung(found, platform.now())) state.rung ??= found
  if (state.conversations.length === 0) state.conversations = newestFirst(listed)
  if (typeof id !== 'string' || !isId(id) || (state.open && state.open.id !== id)) return store.touch()
  const conversation = heldConversation(core, id)
  openConversation(core, conversation)
  await loadFromStorage(core, storage, conversation)
  store.show()
}

/** Checks what storage hands back, which an older version or another program may have written. */
function isStartResponse(value: unknown): value is StartResponse {
  const { token, expires_at, visitor_id, features, limits } = (value ?? {}) as Partial<StartResponse> // each field is checked
  return (
    typeof token === 'string' &&
    typeof expires_at === 'string' &&
    typeof visitor_id === 'string' &&
    isObject(features) &&
    isObject(limits)
  )
}

const isObject = (value: unknown): boolean => Object(value) === value

function isFoundRung(value: unknown, now: number): value is FoundRung {
  const { rung, until = 0 } = (value ?? {}) as Partial<FoundRung> // each field is checked below
  const isFresh = until > now && until <= now + REMEMBER_MS
  return isFresh && RUNGS.some((known) => known === rung)
}
