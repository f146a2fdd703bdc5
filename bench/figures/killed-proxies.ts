import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killNine } from '../../packages/chat-proxy/test/durability/kill-nine.js'
import { median, quantile, scaled, spread, type Bench, type Figure } from '../figure.js'

const SEED = Number(process.env['SEED'] ?? 20_261_120)

/** The proxy killed with SIGKILL while it answers, and started again, on a file of its own. */
export const killedOnSqlite: Bench = {
  name: 'Killed proxies on SQLite',
  parts: ['SQLite'],
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
    try {
      return await figures('SQLite', { DATA_DIR: folder })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** The same on the database that `TEST_DATABASE_URL` names; nothing without one. */
export const killedOnPostgres: Bench = {
  name: 'Killed proxies on PostgreSQL',
  parts: ['PostgreSQL'],
  async run() {
    const url = process.env['TEST_DATABASE_URL']
    return url ? figures('PostgreSQL', { DATABASE_URL: url }) : []
  },
}

async function figures(store: string, env: Record<string, string>): Promise<readonly Figure[]> {
  const { kills, sends, lost, doubled, wrong, readyIn, orphansEndedIn } = await killNine(
    scaled(1000),
    SEED,
    env,
  )
  const label = `${store}: kill -9`
  const [ready = [], ended = []] = [readyIn, orphansEndedIn].map((times) => times.map((ms) => ms / 1000))
  return [
    {
      name: `${label}: acknowledged messages lost, doubled (seed ${SEED})`,
      today: '–',
      target: `0, 0 in ${scaled(1000)} kills`,
      measured: `${lost.length}, ${doubled.length} in ${kills} kills, ${sends} sends`,
      met: lost.length === 0 && doubled.length === 0,
    },
    {
      name: `${label}: answers that are neither whole nor interrupted with their beginning`,
      today: '–',
      target: '0',
      measured: `${wrong.length}`,
      met: wrong.length === 0,
    },
    {
      name: `${label}: ready again, median`,
      today: '–',
      target: '≤ 1 s',
      measured: `${spread(ready, 's')}; p95 ${quantile(ready, 0.95).toFixed(2)} s`,
      met: median(ready) <= 1,
    },
    {
      name: `${label}: orphans ended after that, slowest; each`,
      today: '–',
      target: '≤ 2 s',
      measured: `${quantile(ended, 1).toFixed(2)} s; ${spread(ended, 's')}`,
      met: quantile(ended, 1) <= 2,
    },
  ]
}
