import type { Migration } from './migration.js'

/** What the operator changes while everything runs. What holds for the whole installation has an empty tenant. */
export const tenants: Migration = {
  id: 3,
  name: 'tenants',
  async up({ schema }) {
    await schema
      .createTable('tenants')
      .addColumn('tenant_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('settings', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .execute()
    await schema
      .createTable('kill_switches')
      .addColumn('tenant_id', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('kill_switches_key', ['tenant_id', 'scope', 'name'])
      .execute()
    await schema
      .createTable('control_revisions')
      .addColumn('tenant_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .execute()
  },
}
