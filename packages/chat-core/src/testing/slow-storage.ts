import type { ChatStorage } from '../history/index.js'
import type { FakePlatform } from './fake-platform.js'

/**
 * Storage that takes its time for each call, one after the other, as a database does: the server may well be faster.
 * @param takesMs how long a call takes, in milliseconds
 */
export function slowStorage(platform: FakePlatform, kept: ChatStorage, takesMs = 1): ChatStorage {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(call: () => Promise<T>): Promise<T> => {
    const mine = last.then(call)
    last = mine.then(() => new Promise<void>((resolve) => platform.after(takesMs, resolve)))
    return Promise.all([mine, last]).then(([result]) => result)
  }
  return {
    get: (collection, id) => inTurn(() => kept.get(collection, id)),
    list: (collection) => inTurn(() => kept.list(collection)),
    messagesOf: (id) => inTurn(() => kept.messagesOf(id)),
    write: (changes) => inTurn(() => kept.write(changes)),
  }
}
