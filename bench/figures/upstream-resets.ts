import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ResetReport } from '../../packages/chat-proxy/test/durability/upstream-resets.js'
import { scaled, type Bench, type Figure } from '../figure.js'
import { resetPeers, type PeerReset } from '../upstream-resets/peers.js'

const SEEDS = [20_261_121, 20_261_122] as const
const RESETS = scaled(100_000)
/** Of each peer: their packages wait before they ask again. */
const PEER_RESETS = scaled(1_000)
/** The disk is not what is measured: where there is a folder in memory, the databases are in it. */
const IN_MEMORY = '/dev/shm'

/** What a provider whose connections break all the time does to the proxy. */
export const upstreamResets: Bench = {
  name: 'Upstream resets at random bytes',
  parts: ['SQLite'],
  async run() {
    const share = Math.ceil(RESETS / SEEDS.length)
    const reports = await Promise.all(SEEDS.map((seed) => withWorker(share, seed)))
    return figuresOf(reports, await resetPeers(PEER_RESETS, SEEDS[0]))
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

function figuresOf(reports: readonly (ResetReport | null)[], peers: readonly PeerReset[]): readonly Figure[] {
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
      today: `exits in ${PEER_RESETS} resets each: ${peers.map(({ name, exited }) => `${exited ? 1 : 0} (${name})`).join(', ')}`,
      target: '0, 0',
      measured: `${exits}, ${uncaught.length}`,
      met: exits === 0 && uncaught.length === 0,
    },
    {
      name: `Questions whose client was not told how they ended, of ${sum(({ asked }) => asked)}`,
      today: peers.map((peer) => `${peer.untold} of ${peer.asked} (${peer.name})`).join(', '),
      target: '0',
      measured: `${untold.length}`,
      met: exits === 0 && untold.length === 0,
    },
    {
      name: 'Left open: sockets, runs, leases, places, reservations, timers',
      today: '–',
      target: 'nothing',
      measured: exits > 0 ? 'the process is gone' : left.join(', ') || 'nothing',
      met: exits === 0 && left.length === 0,
    },
  ]
}
