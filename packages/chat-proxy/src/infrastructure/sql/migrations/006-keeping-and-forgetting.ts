import { sql, type SchemaModule } from 'kysely'
import type { Migration } from './migration.js'

/** Titles, feedback and summaries; and what restoring, purging, exporting and forgetting look things up by. */
export const keepingAndForgetting: Migration = {
  id: 6,
  name: 'keeping and forgetting',
  async up({ schema }) {
    await extendConversations(schema)
    await extendMessages(schema)
    await createSummaries(schema)
    await createErasures(schema)
    await createJobLeases(schema)
    await indexEvents(schema)
  },
}

async function extendConversations(schema: SchemaModule): Promise<void> {
  // Nobody knows who gave the titles that are there already: none of them may be replaced.
  await schema
    .alterTable('conversations')
    .addColumn('title_by', 'text', (column) => column.notNull().defaultTo('person'))
    .execute()
  await schema
    .createIndex('conversations_of_owner')
    .on('conversations')
    .columns(['tenant_id', 'owner_id', 'created_at', 'id'])
    .execute()
  await schema
    .createIndex('conversations_deleted')
    .on('conversations')
    .columns(['tenant_id', 'deleted_at'])
    .where(sql<boolean>`deleted_at is not null`)
    .execute()
}

async function extendMessages(schema: SchemaModule): Promise<void> {
  await schema.alterTable('messages').addColumn('feedback_rating', 'text').execute()
  await schema.alterTable('messages').addColumn('feedback_comment', 'text').execute()
  await schema.alterTable('messages').addColumn('feedback_at', 'bigint').execute()
}

const createSummaries = (schema: SchemaModule): Promise<void> =>
  schema
    .createTable('summaries')
    .addColumn('tenant_id', 'text', (column) => column.notNull())
    .addColumn('message_id', 'text', (column) => column.notNull())
    .addColumn('conversation_id', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('summaries_key', ['tenant_id', 'message_id'])
    .addForeignKeyConstraint('summaries_message', ['tenant_id', 'message_id'], 'messages', [
      'tenant_id',
      'id',
    ])
    .execute()

async function createErasures(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('erasures')
    .addColumn('tenant_id', 'text', (column) => column.notNull())
    .addColumn('pseudonym', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('erasures_key', ['tenant_id', 'pseudonym'])
    .execute()
  await schema
    .createIndex('erasures_open')
    .on('erasures')
    .column('requested_at')
    .where(sql<boolean>`subject is not null`)
    .execute()
}

const createJobLeases = (schema: SchemaModule): Promise<void> =>
  schema
    .createTable('job_leases')
    .addColumn('tenant_id', 'text', (column) => column.notNull())
    .addColumn('job', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('job_leases_key', ['tenant_id', 'job'])
    .execute()

/** A person stands in events as the one who did it, and as the one who was warned. */
async function indexEvents(schema: SchemaModule): Promise<void> {
  await schema.createIndex('events_by_actor').on('events').columns(['tenant_id', 'actor']).execute()
  await schema
    .createIndex('events_of_warnings')
    .on('events')
    .columns(['tenant_id', 'subject_id'])
    .where(sql<boolean>`type = 'budget.warned'`)
    .execute()
}
