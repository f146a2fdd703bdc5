import { Client } from 'pg'

export const SEEDED = { tenants: 2, owners: 2_000, conversations: 20_000, messages: 1_000_000, runs: 100_000 }
const PER_CONVERSATION = SEEDED.messages / SEEDED.conversations
const RUNS_PER_CONVERSATION = SEEDED.runs / SEEDED.conversations

/** One of the owners, with the ids of what is theirs. */
export const SEEDED_OWNER = { tenantId: 't_0', ownerId: 'v_0' }
export const SEEDED_CONVERSATION = 'c_0'
export const NEWEST_MESSAGE = `m_0_${PER_CONVERSATION}`

const EACH_CONVERSATION = `generate_series(0, ${SEEDED.conversations - 1}) n`

const STATEMENTS = [
  // The rows fit together as they are made; checking each against its conversation would take longer than making it.
  'set session_replication_role = replica',
  `insert into conversations (tenant_id, id, owner_id, title, title_by, mode, document_ids, head_id, last_position,
      created_at, updated_at, deleted_at)
    select 't_' || n % ${SEEDED.tenants}, 'c_' || n, 'v_' || n % ${SEEDED.owners}, 'Title ' || n, 'first-message',
      'open', '[]', 'm_' || n || '_' || ${PER_CONVERSATION}, ${PER_CONVERSATION},
      1700000000000 + n, 1700000000000 + n * 7919 % 20000, case when n % 20 = 19 then 1700000000000 + n end
    from ${EACH_CONVERSATION}`,
  `insert into messages (tenant_id, id, conversation_id, position, parent_id, role, content, status, run_id, created_at)
    select 't_' || n % ${SEEDED.tenants}, 'm_' || n || '_' || p, 'c_' || n, p,
      case when p > 1 then 'm_' || n || '_' || p - 1 end, case p % 2 when 1 then 'user' else 'assistant' end,
      'Some words about the hours of a shop, ' || n || ' and ' || p, 'completed', 'r_' || n || '_' || p, 1700000000000 + p
    from ${EACH_CONVERSATION}, generate_series(1, ${PER_CONVERSATION}) p`,
  `insert into runs (tenant_id, id, conversation_id, owner_id, user_message_id, message_id, request_digest, status,
      last_seq, created_at, ended_at, attempts, lease_until)
    select 't_' || n % ${SEEDED.tenants}, 'r_' || n || '_' || p, 'c_' || n, 'v_' || n % ${SEEDED.owners},
      'm_' || n || '_' || p - 1, 'm_' || n || '_' || p, '', 'completed', 9, 1700000000000, 1700000000001, '[]', 0
    from ${EACH_CONVERSATION}, generate_series(2, ${2 * RUNS_PER_CONVERSATION}, 2) p`,
  'analyze conversations, messages, runs',
]

/** A million messages of many people in a PostgreSQL with fresh tables: made by the server itself, in some seconds. */
export async function seedMillion(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of STATEMENTS) await client.query(statement)
  } finally {
    await client.end()
  }
}
