import type { OutboxFactory } from './outbox.js'

/** An outbox in the client's storage. Pass it as `createChatClient({ outbox: createOutbox })`. */
export const createOutbox: OutboxFactory = (storage) => ({
  put: (record) => storage.write([{ put: 'outbox', record }]),
  drop: (id) => storage.write([{ remove: 'outbox', id }]),
  entries: async () => (await storage.list('outbox')).toSorted((a, b) => a.createdAt - b.createdAt),
})
