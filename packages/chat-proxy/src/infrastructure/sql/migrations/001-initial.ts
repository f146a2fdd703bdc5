import { sql, type ColumnDefinitionBuilder, type SchemaModule } from 'kysely'
import type { Migration } from './migration.js'

const required = (column: ColumnDefinitionBuilder) => column.notNull()

export const initial: Migration = {
  id: 1,
  name: 'initial',
  async up({ schema }) {
    await createConversations(schema)
    await createMessages(schema)
    await createRuns(schema)
    await createEvents(schema)
    await createSigningKeys(schema)
  },
}

async function createConversations(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('conversations')
    .addColumn('tenant_id', 'text', required)
    .addColumn('id', 'text', required)
    .addColumn('owner_id', 'text', required)
    .addColumn('title', 'text', required)
    .addColumn('mode', 'text', required)
    .addColumn('document_ids', 'text', required)
    .addColumn('head_id', 'text')
    .addColumn('last_position', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .addColumn('deleted_at', 'bigint')
    .addPrimaryKeyConstraint('conversations_key', ['tenant_id', 'id'])
    .execute()
  await schema
    .createIndex('conversations_by_owner')
    .on('conversations')
    .columns(['tenant_id', 'owner_id', 'updated_at desc', 'id desc'])
    .where(sql<boolean>`deleted_at is null`)
    .execute()
}

async function createMessages(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('messages')
    .addColumn('tenant_id', 'text', required)
    .addColumn('id', 'text', required)
    .addColumn('conversation_id', 'text', required)
    .addColumn('position', 'bigint', required)
    .addColumn('parent_id', 'text')
    .addColumn('role', 'text', required)
    .addColumn('content', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('run_id', 'text')
    .addColumn('model', 'text')
    .addColumn('prompt_tokens', 'bigint')
    .addColumn('completion_tokens', 'bigint')
    .addColumn('total_tokens', 'bigint')
    .addColumn('error', 'text')
    .addColumn('created_at', 'bigint', required)
    .addPrimaryKeyConstraint('messages_key', ['tenant_id', 'id'])
    .addForeignKeyConstraint('messages_conversation', ['tenant_id', 'conversation_id'], 'conversations', [
      'tenant_id',
      'id',
    ])
    .execute()
  await schema
    .createIndex('messages_in_order')
    .unique()
    .on('messages')
    .columns(['tenant_id', 'conversation_id', 'position'])
    .execute()
}

/** No foreign key: claiming the id is the first write of an admission, before anybody looks for the conversation. */
async function createRuns(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('runs')
    .addColumn('tenant_id', 'text', required)
    .addColumn('id', 'text', required)
    .addColumn('conversation_id', 'text', required)
    .addColumn('owner_id', 'text', required)
    .addColumn('user_message_id', 'text', required)
    .addColumn('message_id', 'text', required)
    .addColumn('request_digest', 'text', required)
    .addColumn('status', 'text', required)
    .addColumn('model', 'text')
    .addColumn('prompt_tokens', 'bigint')
    .addColumn('completion_tokens', 'bigint')
    .addColumn('total_tokens', 'bigint')
    .addColumn('error', 'text')
    .addColumn('last_seq', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('ended_at', 'bigint')
    .addPrimaryKeyConstraint('runs_key', ['tenant_id', 'id'])
    .execute()
  await schema
    .createIndex('runs_active')
    .on('runs')
    .columns(['tenant_id', 'conversation_id'])
    .where(sql<boolean>`ended_at is null`)
    .execute()
}

async function createEvents(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('events')
    .addColumn('tenant_id', 'text', required)
    .addColumn('seq', 'bigint', required)
    .addColumn('type', 'text', required)
    .addColumn('subject_id', 'text', required)
    .addColumn('actor', 'text', required)
    .addColumn('at', 'bigint', required)
    .addColumn('data', 'text', required)
    .addPrimaryKeyConstraint('events_key', ['tenant_id', 'seq'])
    .execute()
  await schema
    .createTable('event_counters')
    .addColumn('tenant_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('last_seq', 'bigint', required)
    .execute()
}

const createSigningKeys = (schema: SchemaModule): Promise<void> =>
  schema
    .createTable('signing_keys')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('secret', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .execute()
