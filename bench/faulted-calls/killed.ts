import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CountingProvider } from '../../packages/chat-proxy/test/support/counting-provider.js'
import { ProxyProcess } from '../../packages/chat-proxy/test/support/proxy-process.js'
import { completion, open, question } from '../proxy-cost/calls.js'

const GIVE_UP_MS = 120_000
const LOOK_MS = 100

export interface Killed {
  /** Answers for which something was set aside when the process was killed. */
  readonly reserved: number
  /** Milliseconds from there until nothing was set aside any more; `null`: it still was when nobody waited any longer. */
  readonly settledAfter: number | null
}

/** Kills a proxy in the middle of answers, runs and completions, and starts it again. */
export async function killWhileReserved(answers: number): Promise<Killed> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
  const provider = await CountingProvider.open()
  const llm = { LLM_BASE_URL: provider.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'bench' }
  const env = {
    ...llm,
    DATA_DIR: folder,
    TOKENS_PER_DAY_USER: '1000000000',
    TOKENS_PER_DAY_INSTALLATION: 'off',
  }
  const first = await ProxyProcess.start(env)
  let second: ProxyProcess | null = null
  try {
    // Both ask the same; it is answered without an end.
    provider.expect('Say something.', { ending: 'silence' }, 1)
    for (let answer = 0; answer < answers; answer += 1) await begin(first.port, answer % 2 === 0)
    const database = new DatabaseSync(join(folder, 'colloquy.db'), { readOnly: true })
    const left = (): number =>
      Number(database.prepare('select count(*) as n from ledger_reservations').get()?.['n'])
    const reserved = left()
    await first.kill()
    const since = performance.now()
    second = await ProxyProcess.start(env)
    while (left() > 0 && performance.now() - since < GIVE_UP_MS)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const settledAfter = left() === 0 ? performance.now() - since : null
    database.close()
    return { reserved, settledAfter }
  } finally {
    await first.kill()
    await second?.kill()
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function begin(port: number, isRun: boolean): Promise<void> {
  const asked = await question(port, 'text/event-stream')
  const { authorization = '' } = asked.headers
  const call = isRun ? asked : { ...completion(true), headers: { authorization } }
  const response = await open(port, call, false)
  response.resume().on('error', () => {})
}
