import type { Migration } from './migration.js'

/** What the page told of itself with a question. */
export const pageContext: Migration = {
  id: 11,
  name: 'page context',
  async up({ schema }) {
    await schema.alterTable('messages').addColumn('page_context', 'text').execute()
  },
}
