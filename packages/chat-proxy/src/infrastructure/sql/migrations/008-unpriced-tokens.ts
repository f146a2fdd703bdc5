import type { Migration } from './migration.js'

/** Whether what was used has a cost that is known. */
export const unpricedTokens: Migration = {
  id: 8,
  name: 'unpriced tokens',
  async up({ schema }) {
    await schema
      .alterTable('ledger_counters')
      .addColumn('unpriced_tokens', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
