import { sql } from 'kysely'
import { idiomsOf } from '../idioms.js'
import type { Migration } from './migration.js'

/**
 * Leases change several times a second. No index holds when they run out, so that PostgreSQL writes a renewed one beside the old one, where
 * room is left for it, and touches no index. Those that are held at a time are few enough to look through.
 */
export const leasesInPlace: Migration = {
  id: 14,
  name: 'leases in place',
  async up(trx) {
    await trx.schema.dropIndex('runs_leased').execute()
    await trx.schema
      .createIndex('runs_leased')
      .on('runs')
      .column('lease_owner')
      .where(sql<boolean>`lease_owner is not null`)
      .execute()
    await idiomsOf(trx).leaveRoom?.('runs').execute(trx)
  },
}
