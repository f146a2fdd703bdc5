import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import type { RunAttempt } from '../../src/index.js'
import { ProxyProcess } from '../support/proxy-process.js'
import { SlowUpstream } from '../support/slow-upstream.js'
import { newVisitor } from '../support/visitor.js'

const WORDS = Array.from({ length: 1000 }, (_, index) => `w${index} `)

it('a run whose process is killed has every call of a provider, with its status', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-attempts-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const upstream = await SlowUpstream.open(WORDS, 20)
  onTestFinished(() => upstream.close())
  upstream.refusals = 1
  const env = { DATA_DIR: folder, LLM_BASE_URL: upstream.url, LLM_API_KEY: 'sk-none', LLM_MODEL: 'slow' }

  const first = await ProxyProcess.start(env)
  const url = `http://127.0.0.1:${first.port}`
  await askAndReadUntil('w100 ', url, await newVisitor(url))
  await first.kill()
  const second = await ProxyProcess.start(env)
  await second.terminate()

  const { status, attempts } = storedRun(folder)
  expect(status).toBe('interrupted')
  expect(attempts.map(({ outcome, status: answered }) => [outcome, answered])).toEqual([
    ['unavailable', 503],
    ['interrupted', 200],
  ])
  for (const { startedAt, endedAt } of attempts) expect(endedAt).toBeGreaterThanOrEqual(startedAt)
})

/** The words come over more than a second, in which what has come is saved at least once. */
async function askAndReadUntil(word: string, url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ id: 'c_attempts' })
  await fetch(`${url}/api/v1/conversations`, { method: 'POST', headers, body })
  const response = await fetch(`${url}/api/v1/conversations/c_attempts/messages`, {
    method: 'POST',
    headers: { ...headers, accept: 'text/event-stream' },
    body: JSON.stringify({ content: 'Hello?', run_id: 'run_attempts' }),
  })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes(JSON.stringify(word))) return
  }
  throw new Error(`The stream ended before ${word}: ${text}`)
}

function storedRun(folder: string): { status: string; attempts: readonly RunAttempt[] } {
  const database = new DatabaseSync(join(folder, 'colloquy.db'), { readOnly: true })
  // The columns of this query, as the schema has them.
  const { status, attempts } = database.prepare('select status, attempts from runs').get() as {
    status: string
    attempts: string
  }
  database.close()
  return { status, attempts: JSON.parse(attempts) }
}
