import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  completed,
  ended,
  newConversation,
  newRun,
  progress,
  type OpenStore,
} from '../../domain/ports/testing/stored-records.js'
import { openPostgres } from './postgres/open-postgres.js'
import type { SqlDatabase } from './sql-database.js'
import { openSqlite } from './sqlite/open-sqlite.js'
import { NOW } from './sqlite/sqlite-dialect.js'
import {
  NEWEST_MESSAGE,
  SEEDED,
  SEEDED_CONVERSATION,
  SEEDED_OWNER,
  seedMillion,
} from './testing/seed-million.js'
import { sqlStore } from './testing/sql-store.js'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
  type TemporaryDatabase,
} from './testing/temporary-postgres.js'

/** What is asked all the time, for every question or every few hundred milliseconds. */
const HOT: Readonly<Record<string, (store: OpenStore) => Promise<unknown>>> = {
  'the list of conversations': ({ conversations }) => conversations.list(SEEDED_OWNER, 1, 20),
  'the newest messages of a conversation': ({ conversations }) =>
    conversations.messages(SEEDED_OWNER, SEEDED_CONVERSATION, { limit: 30 }),
  'the branch that the model is shown': ({ conversations }) =>
    conversations.branch(SEEDED_OWNER, NEWEST_MESSAGE, 20),
  'one message': ({ conversations }) => conversations.findMessage(SEEDED_OWNER, NEWEST_MESSAGE),
  'the answer under way in a conversation': ({ runs }) => runs.findActive(SEEDED_OWNER, SEEDED_CONVERSATION),
  'answers that nobody makes any more': ({ runs }) => runs.findOrphans(),
}

const END = completed('The answer.')
const END_EVENT = ended(newRun(newConversation(SEEDED_OWNER)), END)

/** Asked seldom, and not to read everybody's rows all the same. */
const SELDOM: typeof HOT = {
  'a page of the history': ({ conversations }) => conversations.exchanges(SEEDED_OWNER, 1, 20),
  'a page of an export': ({ personalData }) => personalData.conversations(SEEDED_OWNER, null, 100),
  'what was deleted long ago': ({ retention }) =>
    retention.purge('t_0', { deletedUntil: 1, limit: 100, at: 1 }),
  'what was counted long ago': ({ retention }) => retention.purgeCounts({ endedUntil: 1, limit: 100 }),
  'the end of an answer': ({ runs }) => runs.end({ tenantId: 't_0', runId: 'r_none' }, END, END_EVENT),
  'how far an answer has come': ({ runs }) =>
    runs.checkpoint([{ run: { tenantId: 't_0', runId: 'r_none' }, progress: progress('So far') }]),
  'the summaries of a branch': ({ summaries }) => summaries.find(SEEDED_OWNER, [NEWEST_MESSAGE]),
}
/** A table without rows is read whole, rightly. */
const EMPTY: ReadonlySet<string> = new Set(['summaries', 'ledger_counters'])

const QUERIES = Object.entries({ ...HOT, ...SELDOM })

test('six are hot', () => expect(Object.keys(HOT)).toHaveLength(6))

interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** Whatever else a method does, as `begin`, has no plan. */
const isPlanned = ({ text }: Statement): boolean => /^(select|with|update|delete)/i.test(text)

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Shared Hit Blocks'?: number
  readonly 'Shared Read Blocks'?: number
  readonly Plans?: readonly PlanNode[]
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

describe.skipIf(!TEST_DATABASE_URL)('PostgreSQL with a million messages (needs TEST_DATABASE_URL)', () => {
  let place: TemporaryDatabase
  let database: SqlDatabase
  beforeAll(async () => {
    place = await createTemporaryDatabase()
    database = await openPostgres({ url: place.url, poolSize: 2 })
    await seedMillion(place.url)
  }, 120_000)
  afterAll(async () => {
    await database?.close()
    await place?.drop()
  })

  const statementsOf = async (ask: () => Promise<unknown>): Promise<readonly Statement[]> => {
    const seen: Statement[] = []
    const query = vi.spyOn(Client.prototype, 'query')
    await ask()
    for (const [text, values] of query.mock.calls as unknown as [unknown, unknown][])
      if (typeof text === 'string') seen.push({ text, values: Array.isArray(values) ? values : [] })
    query.mockRestore()
    return seen.filter(isPlanned)
  }
  const planOf = async ({ text, values }: Statement): Promise<PlanNode> => {
    const client = new Client({ connectionString: place.url })
    await client.connect()
    try {
      const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
        `explain (analyze, buffers, format json) ${text}`,
        [...values],
      )
      const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
      if (!plan) throw new Error('PostgreSQL explained nothing.')
      return plan
    } finally {
      await client.end()
    }
  }

  test('there are a million', async () => {
    const { count } = await database.kysely
      .selectFrom('messages')
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(SEEDED.messages)
  })

  test.each(QUERIES)('%s reads its own rows by an index, and few pages', async (_name, ask) => {
    const statements = await statementsOf(() => ask(sqlStore(database)))
    expect(statements.length).toBeGreaterThan(0)
    for (const statement of statements) {
      const plan = await planOf(statement)
      const nodes = nodesOf(plan)
      const scans = nodes
        .filter((node) => node['Node Type'] === 'Seq Scan')
        .map((node) => node['Relation Name'])
      expect([statement.text, scans.filter((name) => !EMPTY.has(String(name)))]).toEqual([statement.text, []])
      // Of one's own rows some may be looked at and left out; nobody here has more than 500 messages.
      const thrownAway = nodes.reduce(
        (sum, node) => sum + (node['Rows Removed by Filter'] ?? 0) * (node['Actual Loops'] ?? 1),
        0,
      )
      expect([statement.text, thrownAway]).toEqual([statement.text, expect.toSatisfy((rows) => rows <= 500)])
      // All of the messages are about 20,000 pages.
      const pages = (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0)
      expect([statement.text, pages]).toEqual([statement.text, expect.toSatisfy((count) => count <= 1_500)])
    }
  })
})

/** All rows of a table, or all those of a tenant. */
const READS_MANY =
  /^(SCAN (conversations|messages|runs|events)\b(?!.*USING)|SEARCH (conversations|messages|runs|events)\b.*\(tenant_id=\?\)$)/

describe('SQLite', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colloquy-plans-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each(QUERIES)('%s goes by an index', async (name, ask) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.db`)
    const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
    const database = await openSqlite({ file })
    prepare.mockClear()
    await ask(sqlStore(database))
    const statements = prepare.mock.calls.map(([text]) => ({ text, values: [] })).filter(isPlanned)
    prepare.mockRestore()
    await database.close()
    expect(statements.length).toBeGreaterThan(0)
    const other = new DatabaseSync(file)
    other.function(NOW, Date.now)
    for (const { text } of statements) {
      const steps = other.prepare(`explain query plan ${text}`).all()
      const scans = steps.map(({ detail }) => String(detail)).filter((detail) => READS_MANY.test(detail))
      expect([text, scans]).toEqual([text, []])
    }
    other.close()
  })
})
