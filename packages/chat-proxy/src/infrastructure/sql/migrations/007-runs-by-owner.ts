import type { Migration } from './migration.js'

/** Finds the runs of a visitor who turned out to be a user, without reading those of everybody else. */
export const runsByOwner: Migration = {
  id: 7,
  name: 'runs by owner',
  async up({ schema }) {
    await schema.createIndex('runs_by_owner').on('runs').columns(['tenant_id', 'owner_id']).execute()
  },
}
