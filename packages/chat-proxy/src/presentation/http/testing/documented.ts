import { expect } from 'vitest'
import { apiOf } from '../openai/api-of.js'
import { refusalsOf } from '../openapi/refusals.js'
import type { AnswerDoc } from '../routing/documentation.js'
import type { Route } from '../routing/route.js'
import { errorBody, openAiError } from '../schemas/errors.js'
import type { Answer } from './answer.js'

/** What HTTP itself says before a route is found, such as 431. */
const BEFORE_ROUTES = new Set([408, 431])

/**
 * An answer is one that the documentation has: its status, its media type, and in JSON exactly the fields of the schema.
 * Paths that no route has are not its business.
 */
export function expectDocumented(
  routes: readonly Route[],
  { method, path }: { readonly method: string; readonly path: string },
  answer: Answer,
): void {
  const [address = ''] = path.split('?')
  const route = routes.find((one) => one.method === method && pathPattern(one.path).test(address))
  if (!route || BEFORE_ROUTES.has(answer.status)) return
  const doc = route.endpoint.doc.answers[answer.status]
  if (doc) return expectAnswer(route, doc, answer)
  const refusals = refusalsOf(route).map(({ status }) => status)
  expect(refusals, `${method} ${route.path} is documented to refuse with`).toContain(answer.status)
  expectRefusalBody(route, answer)
}

/** In the shape of its path, with when to come back where that helps, and in our own with the limit that was met. */
function expectRefusalBody({ path }: Route, answer: Answer): void {
  const schema = apiOf(path) === 'openai' ? openAiError : errorBody
  const json = answer.json()
  expect(schema.parse(json), `${path} refuses in its shape`).toEqual(json)
  if (answer.status !== 429 && answer.status !== 503) return
  expect(answer.headers['retry-after'], `${path} says when to come back`).toMatch(/^[1-9]\d*$/)
  if (answer.status === 429 && schema === errorBody) expect(json).toHaveProperty('limit')
}

const pathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)

function expectAnswer({ method, path }: Route, { contents }: AnswerDoc, answer: Answer): void {
  if (contents.length === 0) {
    expect(answer.text).toBe('')
    return
  }
  const [mediaType = ''] = (answer.headers['content-type'] ?? '').split(';')
  const content = contents.find((one) => one.mediaType === mediaType)
  if (!content) throw new Error(`${method} ${path} answers ${mediaType}, which is not documented.`)
  if (mediaType !== 'application/json' || content.schema.def.type === 'string') return
  const json: unknown = answer.json()
  // Parsing leaves out what the schema does not name.
  expect(content.schema.parse(json), `${method} ${path} answers what is documented`).toEqual(json)
}
