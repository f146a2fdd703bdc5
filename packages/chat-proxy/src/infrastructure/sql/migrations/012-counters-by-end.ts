import type { Migration } from './migration.js'

/** Finds the counters of days and months that were over long ago, without reading all others. */
export const countersByEnd: Migration = {
  id: 12,
  name: 'counters by end',
  async up({ schema }) {
    await schema.createIndex('ledger_counters_by_end').on('ledger_counters').column('ends_at').execute()
  },
}
