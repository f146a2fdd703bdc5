import { apiOf } from '../openai/api-of.js'
import { GROUPS, type AnswerDoc, type RequestHeader } from '../routing/documentation.js'
import { NO_BODY } from '../routing/endpoint.js'
import type { Route } from '../routing/route.js'
import { errorBody, openAiError } from '../schemas/errors.js'
import type {
  MediaType,
  OpenApiDocument,
  Operation,
  Parameter,
  ResponseObject,
  SchemaObject,
} from './openapi-types.js'
import { refusalsOf } from './refusals.js'
import { Schemas } from './schemas-of.js'

const DESCRIPTION = `What clients and operators of Colloquy may rely on. A client ignores fields that it does not know.

An answer is a *run*: its id is made by the client, it goes on when the line drops, and it can be read again from any
place. docs/protocol.md tells of streams, cursors and limits in prose.`

const SECURITY_SCHEMES = {
  caller: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A session token of POST /api/v1/chat/start, or an identity token of the site.',
  },
  operator: { type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN of the installation.' },
  monitor: { type: 'http', scheme: 'bearer', description: 'METRICS_TOKEN of the installation.' },
}

const HEADERS = {
  'X-Request-Id': { description: 'Names this request in the log.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds until a retry may succeed.', schema: { type: 'integer' } },
}

const REQUEST_HEADERS: Readonly<Record<RequestHeader | 'X-Tenant-ID', string>> = {
  'Idempotency-Key': 'The id of the run, where the body does not name it.',
  'Last-Event-ID': 'The cursor behind which to go on. Comes before `after`.',
  'X-Colloquy-Key': 'The publishable key of the tenant.',
  'X-Tenant-ID': 'Which of the tenants that the token allows is meant.',
}

/** The route table as OpenAPI 3.1: every row, with the schemas that check its requests. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const schemas = new Schemas()
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Colloquy', version: '1.0.0', description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: GROUPS.map((name) => ({ name })),
    paths,
    components: { schemas: schemas.named, securitySchemes: SECURITY_SCHEMES, headers: HEADERS },
  }
}

function operationOf(route: Route, schemas: Schemas): Operation {
  const { doc, body } = route.endpoint
  const parameters = parametersOf(route, schemas)
  return {
    operationId: doc.name,
    tags: [doc.group],
    summary: doc.summary,
    security: securityOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== NO_BODY && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: {
          'application/json': {
            schema: doc.bodySchema ? withoutDraft(doc.bodySchema) : schemas.of(body),
            example: doc.example,
          },
        },
      },
    }),
    responses: Object.fromEntries([
      ...Object.entries(doc.answers).map(([status, answer]) => [status, responseOf(answer, schemas)]),
      ...refusalsOf(route).map(({ status, description }) => [
        status,
        refusalOf(route, { status, description }, schemas),
      ]),
    ]),
  }
}

/** A document says once which draft all of its schemas are of. */
const withoutDraft = ({ $schema: _draft, ...schema }: SchemaObject): SchemaObject => schema

function securityOf({ access, endpoint }: Route): Operation['security'] {
  if (access === 'operator' || access === 'monitor') return [{ [access]: [] }]
  if (access !== 'public') return [{ caller: [] }]
  // A session can be started by anybody, and renewed by who has one.
  return endpoint.doc.group === 'Session' ? [{}, { caller: [] }] : []
}

function parametersOf({ path, access, endpoint }: Route, schemas: Schemas): readonly Parameter[] {
  const { properties = {}, required = [] } = schemas.of(endpoint.query)
  const headers = [
    ...(endpoint.doc.headers ?? []),
    ...(typeof access === 'string' ? [] : ['X-Tenant-ID' as const]),
  ]
  return [
    ...[...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
      name,
      in: 'path' as const,
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(properties).map(([name, { description, ...schema }]) => ({
      name,
      in: 'query' as const,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema,
    })),
    ...headers.map((name) => ({
      name,
      in: 'header' as const,
      required: false,
      description: REQUEST_HEADERS[name],
      schema: { type: 'string' },
    })),
  ]
}

const headerRef = (name: keyof typeof HEADERS): SchemaObject => ({ $ref: `#/components/headers/${name}` })

function responseOf({ description, contents }: AnswerDoc, schemas: Schemas): ResponseObject {
  const headers = { 'X-Request-Id': headerRef('X-Request-Id') }
  if (contents.length === 0) return { description, headers }
  const content = contents.map(({ mediaType, schema }): [string, MediaType] => [
    mediaType,
    { schema: schemas.of(schema) },
  ])
  return { description, headers, content: Object.fromEntries(content) }
}

function refusalOf(
  { path }: Route,
  { status, description }: { readonly status: number; readonly description: string },
  schemas: Schemas,
): ResponseObject {
  const schema = schemas.of(apiOf(path) === 'openai' ? openAiError : errorBody)
  return {
    description,
    headers: {
      'X-Request-Id': headerRef('X-Request-Id'),
      ...((status === 429 || status === 503) && { 'Retry-After': headerRef('Retry-After') }),
    },
    content: { 'application/json': { schema } },
  }
}
