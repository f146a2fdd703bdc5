import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProxyProcess } from '../../packages/chat-proxy/test/support/proxy-process.js'
import { newVisitor } from '../../packages/chat-proxy/test/support/visitor.js'
import { nextFrom, startScript } from '../children.js'
import { median, quantile, repeated, scaled, spread, type Bench, type Figure } from '../figure.js'

const SOCKETS = scaled(2_000)
const GOOD_EVERY_MS = 20
const LIMIT_MS = 250
const GONE_MS = 15_000

/** Clients that hold connections with nothing, and the good ones beside them. */
export const slowSockets: Bench = {
  name: 'Slow and idle sockets',
  parts: ['SQLite'],
  run: async () => figuresOf(await repeated(crowdOnce)),
}

interface Good {
  readonly times: readonly number[]
  readonly failed: number
}

interface Round extends Good {
  /** For how long each of the bad ones was put up with, in ms. */
  readonly stays: readonly number[]
}

async function crowdOnce(): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
  const proxy = await ProxyProcess.start({ DATA_DIR: folder })
  try {
    const token = await newVisitor(`http://127.0.0.1:${proxy.port}`)
    const answer = nextFrom<{ stays: number[] }>(startScript('slow-sockets/main.ts', [proxy.port, SOCKETS]))
    const good = await askUntil(answer, proxy.port, token)
    const { stays } = await answer
    return { ...good, stays }
  } finally {
    await proxy.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Good requests one after the other, each of which writes into the database, until all bad ones are gone. */
async function askUntil(end: Promise<unknown>, port: number, token: string): Promise<Good> {
  const state = { isOver: false }
  void end.then(() => (state.isOver = true))
  const times: number[] = []
  let failed = 0
  while (!state.isOver) {
    const began = performance.now()
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/conversations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    })
    await answer.arrayBuffer()
    if (answer.status !== 201) failed += 1
    times.push(performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, GOOD_EVERY_MS))
  }
  return { times, failed }
}

function figuresOf(rounds: readonly Round[]): readonly Figure[] {
  const [p50 = [], p99 = []] = [0.5, 0.99].map((share) => rounds.map(({ times }) => quantile(times, share)))
  const longest = rounds.map(({ stays }) => Math.max(...stays) / 1000)
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
  const asked = rounds.reduce((sum, { times }) => sum + times.length, 0).toLocaleString('en')
  const among = `${SOCKETS.toLocaleString('en')} slow or idle sockets`
  return [
    {
      name: `Good requests among ${among}: p99; p50; failed`,
      today: '–',
      target: `≤ ${LIMIT_MS} ms`,
      measured: `${spread(p99, 'ms', 1)}; ${spread(p50, 'ms', 1)}; ${failed} of ${asked}`,
      met: median(p99) <= LIMIT_MS && failed === 0,
    },
    {
      name: `The last of ${among} is gone`,
      today: '–',
      target: `≤ ${GONE_MS / 1000} s`,
      measured: spread(longest, 's', 1),
      met: Math.max(...longest) <= GONE_MS / 1000,
    },
  ]
}
