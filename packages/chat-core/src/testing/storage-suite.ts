import type { ChatStorage, OutboxEntry, StoredMessage } from '../persistence/storage.js'

export interface StorageCase {
  readonly name: string
  /** Rejects when the storage does not keep the contract. */
  run(storage: ChatStorage): Promise<void>
}

/** What every {@link ChatStorage} must do, as a list, so that any test runner can register the cases. Each needs a fresh, empty storage. */
export const storageSuite: readonly StorageCase[] = [
  {
    name: 'answers undefined and empty lists when nothing was stored',
    async run(storage) {
      equal(await storage.get('meta', 'nothing'), undefined)
      equal(await storage.list('conversations'), [])
      equal(await storage.messagesOf('c_none'), [])
    },
  },
  {
    name: 'gives back what was put, with every field',
    async run(storage) {
      await storage.write([
        { put: 'messages', record: message('m_1', 'c_1', 5, 'text with \u{1F600} and \u0000') },
        { put: 'meta', record: { id: 'nested', value: { list: [1, null, 'x'] } } },
      ])
      equal(await storage.get('messages', 'm_1'), message('m_1', 'c_1', 5, 'text with \u{1F600} and \u0000'))
      equal((await storage.get('meta', 'nested'))?.value, { list: [1, null, 'x'] })
    },
  },
  {
    name: 'gives back questions on their way, with and without something to ask',
    async run(storage) {
      const [question, answer] = [message('m_1', 'c_1', 1), message('a_1', 'c_1', 2)]
      const asked: OutboxEntry = { id: 'r_1', question, answer, body: { run_id: 'r_1', content: 'text' } }
      const stopped: OutboxEntry = { id: 'r_2', question, answer, body: null, stopped: 'unclear' }
      await storage.write([
        { put: 'outbox', record: stopped },
        { put: 'outbox', record: asked },
      ])
      equal(await storage.list('outbox'), [asked, stopped])
    },
  },
  {
    name: 'replaces a record of the same id',
    async run(storage) {
      await storage.write([{ put: 'meta', record: { id: 'a', value: 1 } }])
      await storage.write([{ put: 'meta', record: { id: 'a', value: 2 } }])
      equal(await storage.list('meta'), [{ id: 'a', value: 2 }])
    },
  },
  {
    name: 'lists the messages of one conversation by position',
    async run(storage) {
      await storage.write([
        { put: 'messages', record: message('m_a', 'c_1', 30) },
        { put: 'messages', record: message('m_b', 'c_1', 9) },
        { put: 'messages', record: message('m_c', 'c_2', 1) },
        { put: 'messages', record: message('m_d', 'c_1', 100) },
      ])
      equal(
        (await storage.messagesOf('c_1')).map(({ id }) => id),
        ['m_b', 'm_a', 'm_d'],
      )
    },
  },
  {
    name: 'applies the changes of one write in order',
    async run(storage) {
      await storage.write([
        { put: 'meta', record: { id: 'a', value: 1 } },
        { remove: 'meta', id: 'a' },
        { put: 'meta', record: { id: 'b', value: 2 } },
      ])
      equal(await storage.list('meta'), [{ id: 'b', value: 2 }])
    },
  },
  {
    name: 'removes a conversation with its messages and no others',
    async run(storage) {
      const times = { createdAt: 1, updatedAt: 1 }
      await storage.write([
        { put: 'conversations', record: { id: 'c_1', title: 'one', ...times } },
        { put: 'conversations', record: { id: 'c_2', title: 'two', ...times } },
        { put: 'messages', record: message('m_a', 'c_1', 1) },
        { put: 'messages', record: message('m_b', 'c_2', 1) },
      ])
      await storage.write([{ removeConversation: 'c_1' }])
      equal(
        (await storage.list('conversations')).map(({ id }) => id),
        ['c_2'],
      )
      equal(await storage.messagesOf('c_1'), [])
      equal((await storage.messagesOf('c_2')).length, 1)
    },
  },
  {
    name: 'is empty after clear',
    async run(storage) {
      await storage.write([
        { put: 'meta', record: { id: 'a', value: 1 } },
        { put: 'messages', record: message('m_a', 'c_1', 1) },
      ])
      await storage.write([{ clear: true }])
      equal(await storage.list('meta'), [])
      equal(await storage.messagesOf('c_1'), [])
    },
  },
  {
    name: 'writes what requires a record only where that is there',
    async run(storage) {
      const write = (id: string, value: number): Promise<unknown> =>
        storage
          .write([
            { require: 'meta', id },
            { put: 'meta', record: { id: 'a', value } },
            { remove: 'meta', id: 'b' },
          ])
          .then(
            () => 'written',
            () => 'refused',
          )
      await storage.write([
        { put: 'meta', record: { id: 'here', value: null } },
        { put: 'meta', record: { id: 'b', value: 1 } },
      ])
      equal(await write('gone', 1), 'refused')
      equal(
        (await storage.list('meta')).map(({ id }) => id),
        ['b', 'here'],
      )
      equal(await write('here', 2), 'written')
      equal(await storage.list('meta'), [
        { id: 'a', value: 2 },
        { id: 'here', value: null },
      ])
    },
  },
  {
    name: 'is cleared by one of many writes, and then takes nothing that requires what was there',
    async run(storage) {
      await storage.write([{ put: 'meta', record: { id: 'mark', value: null } }])
      const kept = Array.from({ length: 20 }, (_, index) =>
        storage
          .write([
            { require: 'meta', id: 'mark' },
            ...(index === 10
              ? [{ clear: true } as const]
              : [{ put: 'messages', record: message(`m_${index}`, 'c_1', index) } as const]),
          ])
          .then(
            () => true,
            () => false,
          ),
      )
      equal((await Promise.all(kept))[10], true)
      // Whatever came before went with the rest, and whatever came behind was refused.
      equal(await storage.list('messages'), [])
    },
  },
  {
    name: 'keeps every one of many parallel writes',
    async run(storage) {
      const ids = Array.from({ length: 50 }, (_, index) => `m_${String(index).padStart(2, '0')}`)
      await Promise.all(
        ids.map((id, index) => storage.write([{ put: 'messages', record: message(id, 'c_1', index) }])),
      )
      equal(
        (await storage.messagesOf('c_1')).map(({ id }) => id),
        ids,
      )
    },
  },
]

const message = (id: string, conversationId: string, position: number, content = 'text'): StoredMessage => ({
  id,
  conversationId,
  position,
  role: 'user',
  content,
  status: 'sent',
  createdAt: position,
  parentId: null,
  runId: null,
})

/** Deep equality for plain data, without a test library, because the suite runs under several. */
function equal(actual: unknown, expected: unknown): void {
  const [got, wanted] = [canonical(actual), canonical(expected)]
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`)
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? 'undefined'
