import type { Migration } from './migration.js'

/** What is counted for a short time: it may be lost with a crash of the machine, and old rows are taken away. */
export const ratesAndPlaces: Migration = {
  id: 5,
  name: 'rates and places',
  async up({ schema }) {
    await schema
      .createTable('rate_buckets')
      .addColumn('tenant_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('full_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('rate_buckets_key', ['tenant_id', 'name'])
      .execute()
    await schema
      .createTable('run_places')
      .addColumn('tenant_id', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('owner_id', 'text', (column) => column.notNull())
      .addColumn('lease_owner', 'text', (column) => column.notNull())
      .addColumn('lease_until', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('run_places_key', ['tenant_id', 'id'])
      .execute()
    await schema.createIndex('run_places_leased').on('run_places').column('lease_owner').execute()
  },
}
