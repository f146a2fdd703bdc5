import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ResetReport } from '../../packages/chat-proxy/test/durability/upstream-resets.js'
import { scaled, type Bench, type Figure } from '../figure.js'

const SEEDS = [20_261_121, 20_261_122]
const RESETS = scaled(100_000)
/** The disk is not what is measured: where there is a folder in memory, the databases are in it. */
const IN_MEMORY = '/dev/shm'

/** What a provider whose connections break all the time does to the proxy. */
export const upstreamResets: Bench = {
  name: 'Upstream resets at random bytes',
  parts: ['SQLite'],
  async run() {
    const share = Math.ceil(RESETS / SEEDS.length)
    return figuresOf(await Promise.all(SEEDS.map((seed) => withWorker(share, seed))))
  },
}

/** @returns `null` when the process of the proxy ended before it should */
async function withWorker(resets: number, seed: number): Promise<ResetReport | null> {
  const worker = fork(join(import.meta.dirname, '../upstream-resets/worker.ts'), [`${resets}`, `${seed}`], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...(existsSync(IN_MEMORY) && { TMPDIR: IN_MEMORY }) },
  })
  const reports: ResetReport[] = []
  worker.on('message', (report: ResetReport) => reports.push(report))
  await once(worker, 'exit')
  return reports[0] ?? null
}

function figuresOf(reports: readonly (ResetReport | null)[]): readonly Figure[] {
  const alive = reports.filter((report) => report !== null)
  const exits = reports.length - alive.length
  const uncaught = alive.flatMap((report) => report.uncaught)
  const untold = alive.flatMap((report) => report.untold)
  const left = alive.flatMap(({ leftOpen }) =>
    Object.entries(leftOpen).map(([name, count]) => `${count} ${name}`),
  )
  const sum = (of: (report: ResetReport) => number): string =>
    alive.reduce((total, report) => total + of(report), 0).toLocaleString('en')
  const among = `${sum(({ resets }) => resets)} resets of ${sum(({ calls }) => calls)} calls (seeds ${SEEDS.join(', ')})`
  return [
    {
      name: `Exits, and faults that nobody caught, in ${among}`,
      today: "AI SDK's sample process ends at the first",
      target: '0, 0',
      measured: `${exits}, ${uncaught.length}`,
      met: exits === 0 && uncaught.length === 0,
    },
    {
      name: `Questions whose client was not told how they ended, of ${sum(({ asked }) => asked)}`,
      today: 'none states it',
      target: '0',
      measured: `${untold.length}`,
      met: exits === 0 && untold.length === 0,
    },
    {
      name: 'Left open: sockets, runs, leases, places, reservations, timers',
      today: 'none states it',
      target: 'nothing',
      measured: exits > 0 ? 'the process is gone' : left.join(', ') || 'nothing',
      met: exits === 0 && left.length === 0,
    },
  ]
}
