import type { ChatStorage, CollectionName, Collections, StorageChange } from '@colloquy/chat-core/history'
import { openDB, type IDBPDatabase, type IDBPTransaction } from 'idb'
import { MIGRATIONS, type ChatDatabase, type Migration } from './schema.js'

const STORES = ['conversations', 'messages', 'outbox', 'meta'] as const satisfies readonly CollectionName[]

type WriteTransaction = IDBPTransaction<ChatDatabase, typeof STORES, 'readwrite'>

/**
 * chat-core's storage on IndexedDB. Opens the database with the first use. Rejects where the browser gives no
 * database (private window, blocked, a newer version of the widget wrote it); chat-core then goes on in memory.
 * @param name of the database; one for each proxy and key.
 */
export function createIndexedDbStorage(
  name: string,
  migrations: readonly Migration[] = MIGRATIONS,
): ChatStorage {
  const connection = new Connection(name, migrations)
  return {
    get: async (collection, id) => readAs(collection, await (await connection.open()).get(collection, id)),
    list: async (collection) => (await connection.open()).getAll(collection) as never, // see readAs
    messagesOf: async (conversationId) =>
      (await connection.open()).getAllFromIndex('messages', 'by-conversation', rangeOf(conversationId)),
    write: async (changes) => writeAll(await connection.open(), changes),
  }
}

/** A store holds records of its own collection; TypeScript cannot follow a generic store name through idb's types. */
const readAs = <C extends CollectionName>(_collection: C, value: unknown): Collections[C] | undefined =>
  value as Collections[C] | undefined

/** All positions of one conversation: an array sorts behind every number. */
const rangeOf = (conversationId: string): IDBKeyRange =>
  IDBKeyRange.bound([conversationId], [conversationId, []], false, false)

async function writeAll(
  database: IDBPDatabase<ChatDatabase>,
  changes: readonly StorageChange[],
): Promise<void> {
  const transaction = database.transaction(STORES, 'readwrite')
  const applied = Promise.all(changes.map((change) => apply(transaction, change))).catch((error: unknown) => {
    // A record that cannot be cloned fails before it is a request, and would not end the transaction by itself.
    abort(transaction)
    throw error
  })
  const [result] = await Promise.allSettled([applied, transaction.done])
  if (result.status === 'rejected') throw result.reason
  await transaction.done
}

function abort(transaction: WriteTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It had ended already, which is what was wanted.
  }
}

async function apply(transaction: WriteTransaction, change: StorageChange): Promise<void> {
  if ('put' in change) await transaction.objectStore(change.put).put(change.record)
  else if ('remove' in change) await transaction.objectStore(change.remove).delete(change.id)
  else if ('clear' in change) await Promise.all(STORES.map((store) => transaction.objectStore(store).clear()))
  else if ('require' in change) {
    if (!(await transaction.objectStore(change.require).getKey(change.id))) transaction.abort()
  } else {
    const messages = transaction.objectStore('messages')
    const range = rangeOf(change.removeConversation)
    const [keys] = await Promise.all([
      messages.index('by-conversation').getAllKeys(range),
      transaction.objectStore('conversations').delete(change.removeConversation),
    ])
    await Promise.all(keys.map((key) => messages.delete(key)))
  }
}

/** Holds the database open, and lets go of it when another tab wants to change it. */
class Connection {
  #database: Promise<IDBPDatabase<ChatDatabase>> | null = null

  constructor(
    private readonly name: string,
    private readonly migrations: readonly Migration[],
  ) {}

  open(): Promise<IDBPDatabase<ChatDatabase>> {
    this.#database ??= this.#open().catch((error: unknown) => {
      this.#database = null
      throw error
    })
    return this.#database
  }

  async #open(): Promise<IDBPDatabase<ChatDatabase>> {
    const { migrations } = this
    const database = await openDB<ChatDatabase>(this.name, migrations.length, {
      upgrade(opened, from, _to, transaction) {
        for (const migrate of migrations.slice(from)) migrate(opened, transaction)
      },
      blocking: () => {
        this.#database = null
        database.close()
      },
      terminated: () => {
        this.#database = null
      },
    })
    return database
  }
}
