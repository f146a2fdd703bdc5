import { sharedStorage } from './shared-storage.js'
import type { ChatStorage, CollectionName, Collections, StorageChange } from './storage.js'

/** A key of the browser's storage and what it shall hold; `null` takes it away. */
type Entry = readonly [key: string, value: string | null]

/**
 * Storage on `localStorage` or `sessionStorage`: enough for the session, the outbox and some hundred messages, and there in
 * every browser without a library. Reading a conversation looks at every message that is kept, so give the history `bounds`.
 * Rejects where the browser allows no storage or it is full; the client then goes on in memory.
 *
 * @param name keeps apart what several chats of one origin store
 * @param area default: `localStorage`; called with every use, because a browser that forbids it throws there
 */
export function createWebStorage(
  name: string,
  area: () => Storage = () => globalThis.localStorage,
): ChatStorage {
  const prefixOf = (collection: CollectionName): string => JSON.stringify([name, collection])

  function list<C extends CollectionName>(collection: C): Collections[C][] {
    const prefix = prefixOf(collection)
    const held = area()
    return keysOf(held, prefix).flatMap((key) => read(held, collection, key) ?? [])
  }

  function entriesFor(change: StorageChange): Entry[] {
    if ('put' in change) return [[prefixOf(change.put) + change.record.id, JSON.stringify(change.record)]]
    if ('remove' in change) return [[prefixOf(change.remove) + change.id, null]]
    if ('clear' in change)
      return COLLECTIONS.flatMap((collection) => keysOf(area(), prefixOf(collection))).map((key) => [
        key,
        null,
      ])
    if ('require' in change) {
      if (read(area(), change.require, prefixOf(change.require) + change.id)) return []
      throw new Error('It is gone.')
    }
    const id = change.removeConversation
    const messages = list('messages').filter(({ conversationId }) => conversationId === id)
    return [
      [prefixOf('conversations') + id, null],
      ...messages.map((message): Entry => [prefixOf('messages') + message.id, null]),
    ]
  }

  return sharedStorage({
    get: async (collection, id) => read(area(), collection, prefixOf(collection) + id),
    list: async (collection) => list(collection),
    messagesOf: async (conversationId) =>
      list('messages')
        .filter((message) => message.conversationId === conversationId)
        .toSorted((a, b) => a.position - b.position),
    write: async (changes) => writeAll(area(), changes, entriesFor),
  })
}

function writeAll(
  held: Storage,
  changes: readonly StorageChange[],
  entriesFor: (change: StorageChange) => readonly Entry[],
): void {
  const before: Entry[] = []
  try {
    for (const change of changes) {
      for (const [key, value] of entriesFor(change)) {
        before.push([key, held.getItem(key)])
        put(held, [key, value])
      }
    }
  } catch (error) {
    // All or nothing: full in the middle is as if nothing had been written.
    for (const entry of before.toReversed()) put(held, entry)
    throw error
  }
}

const COLLECTIONS = [
  'conversations',
  'messages',
  'outbox',
  'meta',
] as const satisfies readonly CollectionName[]

const keysOf = (held: Storage, prefix: string): string[] =>
  Array.from({ length: held.length }, (_, index) => held.key(index) ?? '')
    .filter((key) => key.startsWith(prefix))
    .toSorted()

function put(held: Storage, [key, value]: Entry): void {
  if (value === null) held.removeItem(key)
  else held.setItem(key, value)
}

/** What another program wrote under our key is not there. */
function read<C extends CollectionName>(
  held: Storage,
  _collection: C,
  key: string,
): Collections[C] | undefined {
  const text = held.getItem(key)
  if (text === null) return undefined
  try {
    // Written by `write` above; the client checks the fields of what it shows.
    return JSON.parse(text) as Collections[C]
  } catch {
    return undefined
  }
}
