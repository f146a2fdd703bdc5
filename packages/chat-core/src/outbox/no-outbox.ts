import type { Outbox } from './outbox.js'

/** Keeps nothing. */
export const noOutbox: Outbox = {
  put: async () => {},
  drop: async () => {},
  entries: async () => [],
}
