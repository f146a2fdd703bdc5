import { randomId } from '../platform/random-id.js'
import type { ChatStorage, StorageChange } from './storage.js'

/** Begins the id of the value by which a page knows the storage. */
const MARK = 'visit'

/**
 * Makes a storage fit for pages that share it; each page has one of its own. Whoever leaves clears it in one page, and no other one can be
 * trusted to hear of that in time: it may be in the middle of reading, frozen, or about to write what it read before.
 *
 * So from one clearing to the next the storage has a mark, which a page found or made before it read anything, and which every write
 * requires. What a page has read is written while the mark is there, or not at all, however late. Where the mark is gone, the write does
 * nothing and `onCleared` is told; what this page writes behind a `clear` of its own belongs to whoever comes next.
 */
export function sharedStorage(storage: ChatStorage): ChatStorage {
  let mark: Promise<string> | undefined
  /** The last thing done here: several parts of a client clear it in one go, and that is one clearing. */
  let cleared: Promise<void> | undefined
  let tell = (): void => {}

  async function begin(): Promise<string> {
    const found = (await storage.list('meta')).find(({ id }) => id.startsWith(MARK))
    if (found) return found.id
    const id = randomId(MARK)
    await storage.write([{ put: 'meta', record: { id, value: null } }])
    return id
  }

  function enter(): Promise<string> {
    cleared = undefined
    return (mark ??= begin())
  }

  async function writeWith(known: Promise<string>, changes: readonly StorageChange[]): Promise<void> {
    const id = await known
    try {
      await storage.write([{ require: 'meta', id }, ...changes])
    } catch (error) {
      if (await storage.get('meta', id)) throw error
      if (mark === known) tell()
    }
  }

  return {
    get: (collection, id) => enter().then(() => storage.get(collection, id)),
    list: async (collection) => {
      await enter()
      const kept = await storage.list(collection)
      return kept.filter(({ id }) => collection !== 'meta' || !id.startsWith(MARK))
    },
    messagesOf: (id) => enter().then(() => storage.messagesOf(id)),
    write(changes) {
      const clears = changes.some((change) => 'clear' in change)
      if (clears && cleared) return cleared
      const written = writeWith(enter(), changes)
      if (!clears) return written
      mark = written.then(begin, begin)
      // Whoever uses it next is told.
      mark.catch(() => {})
      return (cleared = written)
    },
    onCleared: (listener) => {
      tell = listener
    },
  }
}
