import { createHash } from 'node:crypto'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answering } from '../../application/testing/scripted-model.js'
import { ADMIN_TOKEN, METRICS_TOKEN } from '../../application/testing/test-world.js'
import type { Operation } from './openapi/openapi-types.js'
import { openApiDocument } from './openapi/openapi-document.js'
import { routeTable } from './routes.js'
import { NO_BODY } from './routing/endpoint.js'
import type { Route } from './routing/route.js'
import * as admin from './schemas/admin.js'
import * as conversations from './schemas/conversations.js'
import * as errors from './schemas/errors.js'
import * as runs from './schemas/runs.js'
import * as session from './schemas/session.js'
import { createHttpWorld, type HttpWorld } from './testing/http-world.js'
import { bodyOf, nameOf, objectOf } from './testing/route-samples.js'
import { sampleObject } from './testing/sample-objects.js'

let world: HttpWorld
let routes: readonly Route[]
beforeAll(async () => {
  world = await createHttpWorld()
  world.model.script = answering('Hello.')
  routes = routeTable(world.useCases)
})
afterAll(() => world.close())

const operations = (): readonly (Operation & { readonly name: string })[] =>
  Object.entries(openApiDocument(routes).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      name: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    })),
  )

describe('the document', () => {
  test('is served, and is OpenAPI 3.1', async () => {
    const answer = await world.call('/openapi.json', { token: null })
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    const { valid, errors: problems } = await new Validator().validate(answer.json())
    expect(problems).toBeUndefined()
    expect(valid).toBe(true)
    expect(answer.json()).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) })
  })

  test('has every row of the route table and nothing else, each under a name of its own', () => {
    const all = operations()
    expect(all.map(({ name }) => name).toSorted()).toEqual(routes.map(nameOf).toSorted())
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length)
  })

  test('says of each who may call it', () => {
    for (const { name, security } of operations()) {
      const route = routes.find((one) => nameOf(one) === name)
      const schemes = security.flatMap((one) => Object.keys(one))
      const expected = typeof route?.access === 'string' ? [route.access] : ['caller']
      if (route?.access === 'public')
        expect(security.length === 0 || schemes.length < security.length).toBe(true)
      else expect([name, schemes]).toEqual([name, expected])
    }
  })

  test('has the fields of a tenant, which are checked behind the endpoint', () => {
    const save = operations().find(({ operationId }) => operationId === 'saveTenant')
    const schema = save?.requestBody?.content['application/json']?.schema
    expect(Object.keys(schema?.properties ?? {})).toContain('allowed_origins')
  })

  test('refers to nothing that it does not have', () => {
    const text = JSON.stringify(openApiDocument(routes))
    const { schemas, headers } = openApiDocument(routes).components
    const there = new Set([
      ...Object.keys(schemas).map((name) => `#/components/schemas/${name}`),
      ...Object.keys(headers).map((name) => `#/components/headers/${name}`),
    ])
    const named = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref)
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((ref) => !there.has(ref ?? ''))).toEqual([])
  })
})

describe('examples', () => {
  test('of bodies are there for every call that takes one, and are valid', () => {
    for (const route of routes) {
      const { body, doc } = route.endpoint
      if (body === NO_BODY) continue
      expect(doc.example, nameOf(route)).toBeDefined()
      expect([nameOf(route), body.safeParse(doc.example).error]).toEqual([nameOf(route), undefined])
    }
  })

  test('of schemas are valid, field by field', () => {
    const modules = [admin, conversations, errors, runs, session]
    const schemas = modules
      .flatMap((module) => Object.values(module))
      .filter((one) => one instanceof z.ZodType)
    const examples = schemas.flatMap((schema) =>
      // Every example is checked below, whatever it is.
      ((schema.meta()?.examples ?? []) as unknown[]).map((example) => ({ schema, example })),
    )
    expect(examples.length).toBeGreaterThan(10)
    for (const { schema, example } of examples) expect(schema.parse(example)).toEqual(example)
  })
})

test('every row answers as it is documented', async () => {
  const seen: string[] = []
  for (const [index, route] of routes.entries()) {
    const kind = objectOf(route)
    const id = kind ? await sampleObject(world, { owner: world.alice, kind, unique: `doc_${index}` }) : ''
    const tokens: Readonly<Record<string, string | null>> = {
      public: null,
      operator: ADMIN_TOKEN,
      monitor: METRICS_TOKEN,
    }
    const token = typeof route.access === 'string' ? (tokens[route.access] ?? null) : world.token
    const body = bodyOf(route, `doc_${index}`)
    // `call` compares with the documentation; here it only has to be the answer that the call is for.
    const { status } = await world.call(route.path.replace(':id', id), { method: route.method, token, body })
    seen.push(`${nameOf(route)} ${status < 300}`)
  }
  expect(seen).toEqual(routes.map((route) => `${nameOf(route)} true`))
})

describe('the page', () => {
  test('tells of every call and schema, and is whole in itself', async () => {
    const { text, headers } = await world.call('/docs', { token: null })
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    for (const { operationId } of operations()) expect(text).toContain(`id="${operationId}"`)
    for (const name of Object.keys(openApiDocument(routes).components.schemas))
      expect(text).toContain(`id="schema-${name}"`)
    expect(text).not.toMatch(
      /<(script|link|img|iframe|object|embed)|\s(on\w+|style|src)=|href="[^#o]|@import|url\(/,
    )
    for (const [, anchor = ''] of text.matchAll(/href="#([^"]*)"/g)) expect(text).toContain(`id="${anchor}"`)
  })

  test('may do nothing but show itself', async () => {
    const { text, headers } = await world.call('/docs', { token: null })
    const [, style = ''] = /<style>([^<]*)<\/style>/.exec(text) ?? []
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
  })
})
