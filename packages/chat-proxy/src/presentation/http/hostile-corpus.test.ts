import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ERROR_STATUS } from '@colloquy/chat-core/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answering } from '../../application/testing/scripted-model.js'
import type { Answer } from './testing/answer.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'

/** Malformed and hostile requests of public suites, read from the folder that `CORPUS_DIR` names. */
interface Case {
  readonly id: string
  readonly target: string
  readonly name?: string
  readonly field?: string
  readonly headers?: Record<string, string>
  readonly query?: Record<string, string>
  readonly value?: unknown
  readonly value_gen?: Generator
  readonly body?: string
  readonly body_base64?: string
  readonly body_gen?: Generator
  readonly expect: { readonly status: readonly number[]; readonly never: readonly string[] }
}

interface Generator {
  readonly wrap?: readonly [string, string]
  readonly repeat: string
  readonly times: number
  readonly after?: string
  readonly gzip?: boolean
}

const file = join(process.env['CORPUS_DIR'] ?? '', 'bad-http.json')
const isThere = process.env['CORPUS_DIR'] !== undefined && existsSync(file)
// The suite's own form, checked by what the cases below do with it.
const cases: readonly Case[] = isThere
  ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases
  : []
const TARGETS = ['raw-body', 'field', 'headers', 'query', 'path-id']

let world: HttpWorld
beforeAll(async () => {
  world = await createHttpWorld()
  world.model.script = answering('Hello.')
  await world.conversation()
})
afterAll(() => world.close())

const MESSAGES = '/api/v1/conversations/c_00001/messages'
const FIELDS: Readonly<Record<string, string>> = { message: 'content', conversationId: 'parent_id' }

const generate = ({ wrap = ['', ''], repeat, times, after = '' }: Generator): string =>
  wrap[0] +
  Array.from({ length: times }, (_, i) => repeat.replaceAll('%i', String(i))).join('') +
  after +
  wrap[1]

function bodyOf(hostile: Case): string | Buffer | undefined {
  if (hostile.body_base64 !== undefined) return Buffer.from(hostile.body_base64, 'base64')
  if (hostile.body_gen === undefined) return hostile.body
  const text = generate(hostile.body_gen)
  return hostile.body_gen.gzip ? gzipSync(text) : text
}

function run(hostile: Case): Promise<Answer> {
  const { headers = {} } = hostile
  const value = hostile.value_gen ? generate(hostile.value_gen) : hostile.value
  switch (hostile.target) {
    case 'raw-body':
      return world.call(MESSAGES, { method: 'POST', body: bodyOf(hostile), headers })
    case 'field': {
      const field = hostile.field ?? 'message'
      return world.call(MESSAGES, { method: 'POST', body: { content: 'x', [FIELDS[field] ?? field]: value } })
    }
    case 'headers':
      return world.call(MESSAGES, { method: 'POST', body: { content: 'x' }, headers })
    case 'query':
      return world.call(`/api/v1/conversations/c_00001?${new URLSearchParams(hostile.query).toString()}`)
    default:
      return world.call(`/api/v1/conversations/${encodeURIComponent(String(value))}`)
  }
}

/** Routes that take text in a form of their own, and that form around a text. */
const OTHER_ROUTES: Readonly<Record<string, (text: unknown) => object>> = {
  '/v1/chat/completions': (content) => ({ model: 'scripted-1', messages: [{ role: 'user', content }] }),
  '/api/v1/ui/chat': (text) => ({
    id: 'chat_00001',
    messages: [{ id: `m-${sent++}`, role: 'user', parts: [{ type: 'text', text }] }],
  }),
}
let sent = 0

const nameOf = ({ id, name, value }: Case): string =>
  `${id} ${name ?? JSON.stringify(value ?? '').slice(0, 40)}`

describe.skipIf(!isThere)('the hostile requests of CORPUS_DIR', () => {
  test('are there (without CORPUS_DIR they are skipped)', () => {
    expect(cases.length).toBeGreaterThan(0)
  })

  let rows: number
  let calls: number
  beforeEach(async () => {
    rows = await world.storedRows()
    calls = world.model.calls.length
  })

  test.each(cases.filter(({ target }) => TARGETS.includes(target)).map((one) => [nameOf(one), one] as const))(
    '%s',
    async (_name, hostile) => {
      const answer = await run(hostile)
      expect(hostile.expect.status).toContain(answer.status)
      if (answer.status < 400) return expectKept(hostile, answer)
      expect(Object.values(ERROR_STATUS)).toContain(answer.status)
      expect(answer.json()).toMatchObject({
        error: expect.any(String),
        detail: expect.any(String),
        type: expect.any(String),
      })
      expect(await world.storedRows()).toBe(rows)
      expect(world.model.calls).toHaveLength(calls)
    },
  )

  test.each(
    cases
      .filter(({ target }) => target === 'raw-body' || target === 'field')
      .flatMap((one) => Object.keys(OTHER_ROUTES).map((path) => [nameOf(one), path, one] as const)),
  )('%s, sent to %s', async (_name, path, hostile) => {
    const value = hostile.value_gen ? generate(hostile.value_gen) : hostile.value
    const body = hostile.target === 'field' ? OTHER_ROUTES[path]?.(value) : bodyOf(hostile)
    const answer = await world.call(path, { method: 'POST', body, headers: hostile.headers ?? {} })
    expect(answer.status).toBeLessThan(500)
    if (answer.status < 400) return
    const error = path.startsWith('/v1/') ? answer.json()['error'] : answer.json()
    expect(error).toMatchObject({ type: expect.any(String) })
    expect(await world.storedRows()).toBe(rows)
    expect(world.model.calls).toHaveLength(calls)
  })

  /** Text is data: it comes back as it was sent, but for what no store can hold. */
  async function expectKept(hostile: Case, answer: Answer): Promise<void> {
    expect(hostile.expect.never).not.toContain('stored')
    if (hostile.target !== 'field' || typeof hostile.value !== 'string') return
    const kept = hostile.value.replace(/\0|\p{Surrogate}/gu, '\uFFFD')
    expect(answer.json()).toMatchObject({ user_message: { content: kept } })
  }
})
