import { sql } from 'kysely'
import type { Migration } from './migration.js'

/** Runs without an end were left by a process that knew no leases: theirs count as run out. */
export const leasesAndAttempts: Migration = {
  id: 2,
  name: 'leases and attempts',
  async up(trx) {
    const { schema } = trx
    await schema
      .alterTable('runs')
      .addColumn('attempts', 'text', (column) => column.notNull().defaultTo('[]'))
      .execute()
    await schema.alterTable('runs').addColumn('lease_owner', 'text').execute()
    await schema
      .alterTable('runs')
      .addColumn('lease_until', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await trx.updateTable('runs').set({ lease_owner: '' }).where('ended_at', 'is', null).execute()
    await schema
      .createIndex('runs_leased')
      .on('runs')
      .column('lease_until')
      .where(sql<boolean>`lease_owner is not null`)
      .execute()
  },
}
