import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  createTemporaryDatabase,
  TEST_DATABASE_URL,
} from '../../src/infrastructure/sql/testing/temporary-postgres.js'
import { killNine } from './kill-nine.js'

const KILLS = 6
const SEED = Number(process.env['SEED'] ?? 9)

async function expectNothingLost(store: Record<string, string>): Promise<void> {
  const { lost, doubled, wrong } = await killNine(KILLS, SEED, store)
  expect({ lost, doubled, wrong }, `seed ${SEED}`).toEqual({ lost: [], doubled: [], wrong: [] })
}

describe('a proxy that is killed while it answers', () => {
  it('loses and doubles no acknowledged message on SQLite, and ends what it left open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-kill-'))
    await expectNothingLost({ DATA_DIR: folder })
    await rm(folder, { recursive: true, force: true })
  })

  it.skipIf(!TEST_DATABASE_URL)('nor on PostgreSQL (needs TEST_DATABASE_URL)', async () => {
    const database = await createTemporaryDatabase()
    await expectNothingLost({ DATABASE_URL: database.url })
    await database.drop()
  })
})
