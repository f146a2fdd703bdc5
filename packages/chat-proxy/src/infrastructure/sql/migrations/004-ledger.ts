import type { ColumnDefinitionBuilder } from 'kysely'
import type { Migration } from './migration.js'

const required = (column: ColumnDefinitionBuilder) => column.notNull()
const count = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0)

/** What was used of every limit, what is set aside, and for which answers. */
export const ledger: Migration = {
  id: 4,
  name: 'ledger',
  async up({ schema }) {
    await schema
      .createTable('ledger_counters')
      .addColumn('tenant_id', 'text', required)
      .addColumn('scope', 'text', required)
      .addColumn('scope_id', 'text', required)
      .addColumn('span', 'text', required)
      .addColumn('starts_at', 'bigint', required)
      .addColumn('ends_at', 'bigint', required)
      .addColumn('max_messages', 'bigint')
      .addColumn('max_tokens', 'bigint')
      .addColumn('max_money', 'bigint')
      .addColumn('messages', 'bigint', count)
      .addColumn('tokens', 'bigint', count)
      .addColumn('money', 'bigint', count)
      .addColumn('reserved_messages', 'bigint', count)
      .addColumn('reserved_tokens', 'bigint', count)
      .addColumn('reserved_money', 'bigint', count)
      .addColumn('warned_at', 'bigint')
      .addPrimaryKeyConstraint('ledger_counters_key', ['tenant_id', 'scope', 'scope_id', 'span', 'starts_at'])
      .execute()
    await schema
      .createTable('ledger_reservations')
      .addColumn('tenant_id', 'text', required)
      .addColumn('id', 'text', required)
      .addColumn('counters', 'text', required)
      .addColumn('messages', 'bigint', required)
      .addColumn('tokens', 'bigint', required)
      .addColumn('money', 'bigint', required)
      .addColumn('prompt_tokens', 'bigint', required)
      .addColumn('price', 'text')
      .addColumn('expires_at', 'bigint')
      .addPrimaryKeyConstraint('ledger_reservations_key', ['tenant_id', 'id'])
      .execute()
    await schema
      .createIndex('ledger_reservations_expiring')
      .on('ledger_reservations')
      .column('expires_at')
      .where('expires_at', 'is not', null)
      .execute()
  },
}
