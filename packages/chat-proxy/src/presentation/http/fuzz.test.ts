import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN, METRICS_TOKEN } from '../../application/testing/test-world.js'
import { answering } from '../../application/testing/scripted-model.js'
import type { UseCases } from '../../application/use-cases.js'
import { isStorable, problemOfText } from '../../domain/strict-json.js'
import { routeTable } from './routes.js'
import { NO_BODY } from './routing/endpoint.js'
import type { Route } from './routing/route.js'
import { expectAnyRefusal } from './testing/expect-openai-error.js'
import { hostileAt, jsonSchemaOf, placesOf, STRANGE_TEXTS } from './testing/hostile-values.js'
import type { Answer } from './testing/answer.js'
import { createHttpWorld, type Call, type HttpWorld } from './testing/http-world.js'
import { chosenSeed, randomFrom, type Random } from '../../testing/random.js'
import { absentStatusOf, bodyOf, nameOf, objectOf } from './testing/route-samples.js'
import { sampleObject } from './testing/sample-objects.js'
import { withValue } from './testing/with-value.js'

/**
 * Every route of the table, asked for what its schemas do not allow and for what no server should trip over. A route that
 * joins the table joins this. `SEED=` repeats a run.
 */
const seed = chosenSeed()

interface Hostile {
  readonly path: string
  readonly call: Call
  /** What the schemas of the route do not allow has to be refused; anything else may be. */
  readonly mustRefuse: boolean
}

let world: HttpWorld
beforeEach(async () => {
  world = await createHttpWorld()
  world.model.script = answering('Hello.')
})
afterEach(() => world.close())

/** The route table without a server, to name the cases. Endpoints take their use cases when they are called. */
const NO_APP = new Proxy({}, { get: () => ({}) }) as UseCases

describe(`with the seed ${seed}`, () => {
  test.each(routeTable(NO_APP).map((route) => [nameOf(route), route] as const))(
    '%s refuses what it should, trips over nothing, and what is refused changes nothing',
    async (_name, route) => {
      const hostile = await hostileTo(route, randomFrom(seed))
      const refused: Hostile[] = []
      for (const one of hostile) {
        const answer = await world.call(one.path, one.call)
        if (isTaken(route, one, answer)) continue
        told(one, () => expectAnyRefusal(answer, route.path))
        refused.push(one)
      }
      await allIsQuiet()
      const [rows, calls] = [await world.storedRows(), world.model.calls.length]
      for (const one of refused) {
        const { status } = await world.call(one.path, one.call)
        told(one, () => expect(status).toBeGreaterThanOrEqual(400))
      }
      expect(await world.storedRows()).toBe(rows)
      expect(world.model.calls).toHaveLength(calls)
      expect((await world.call('/healthz')).status).toBe(200)
    },
    // Hundreds of requests, twice each: a machine that is busy takes its time.
    60_000,
  )
})

const isTaken = (route: Route, { mustRefuse }: Hostile, { status }: Answer): boolean =>
  !mustRefuse && (status < 300 || status === absentStatusOf(route)) && status < 400

/** Says which request it was when an expectation fails. */
function told({ path, call }: Hostile, expectation: () => void): void {
  try {
    expectation()
  } catch (cause) {
    const request = `${call.method} ${path} ${String(call.body).slice(0, 300)} ${JSON.stringify(call.headers)}`
    throw new Error(`SEED=${seed} ${request}\n${String(cause)}`, { cause })
  }
}

/** No answer is being generated, so that nothing is written but by requests. */
const allIsQuiet = () =>
  expect
    .poll(() =>
      world.database.kysely
        .selectFrom('runs')
        .select('id')
        .where('status', 'in', ['queued', 'streaming'])
        .execute(),
    )
    .toEqual([])

async function hostileTo(route: Route, random: Random): Promise<readonly Hostile[]> {
  const kind = objectOf(route)
  const id = kind ? await sampleObject(world, { owner: world.alice, kind, unique: 'fuzz_1' }) : ''
  const path = route.path.replace(':id', id)
  const call: Call = { method: route.method, token: tokenFor(route), headers: {} }
  let sent = 0
  const good = (): object | undefined => bodyOf(route, `fuzz_${random.next(2 ** 30)}_${(sent += 1)}`)
  return [
    ...bodiesFor(route, good, random).map((one) => ({
      path,
      call: { ...call, ...one.call },
      mustRefuse: one.mustRefuse,
    })),
    ...queriesFor(route, random).map((one) => ({
      path: `${path}?${one.query}`,
      call: { ...call, body: good() },
      mustRefuse: one.mustRefuse,
    })),
    ...(kind ? idsFor(random) : []).map((bad) => ({
      path: route.path.replace(':id', bad),
      call: { ...call, body: good() },
      mustRefuse: false,
    })),
    ...headersFor(random).map((headers) => ({
      path,
      call: { ...call, body: good(), headers },
      mustRefuse: false,
    })),
  ]
}

/** An address is UTF-8, which has no halves of pairs. */
const ADDRESSABLE = STRANGE_TEXTS.filter((one) => !/\p{Surrogate}/u.test(one))

function tokenFor({ access }: Route): string | null {
  if (access === 'public') return null
  return access === 'operator' ? ADMIN_TOKEN : access === 'monitor' ? METRICS_TOKEN : world.token
}

type Part<T> = T & { readonly mustRefuse: boolean }

function bodiesFor(route: Route, good: () => object | undefined, random: Random): Part<{ call: Call }>[] {
  const { body } = route.endpoint
  if (body === NO_BODY) return []
  const places = placesOf(jsonSchemaOf(body))
  const texts = [
    ...places.flatMap((place) =>
      [...UNSTORABLE, ...hostileAt(place, random, 8)].map((value) =>
        withValue(good() ?? {}, place.path, value),
      ),
    ),
    ...Object.keys(good() ?? {}).map((name) => JSON.stringify({ ...good(), [name]: undefined })),
    ...['__proto__', 'constructor', 'toString', 'unknown'].flatMap((name) =>
      hostileAt({ path: [name], schema: {} }, random, 3).map((value) =>
        withValue(good() ?? {}, [name], value),
      ),
    ),
    ...Object.keys(good() ?? {}).map((name) => withTwice(good() ?? {}, name)),
  ]
  return [
    ...texts.map((text) => ({
      call: { body: text },
      mustRefuse: hasUnstorable(text) || !isAllowed(route, text),
    })),
    ...BROKEN.map((text) => ({ call: { body: text }, mustRefuse: true })),
  ]
}

/** At every place: text that some store cannot keep, as a value, in a list and as a name. */
const UNSTORABLE: readonly string[] = [
  '"a\\u0000b"',
  '"a\\ud800"',
  '["\\udc00\\ud800"]',
  '{"\\u0000":"\\udfff"}',
]

const hasUnstorable = (text: string): boolean => UNSTORABLE.some((one) => text.includes(one))

const BROKEN: readonly (string | Buffer)[] = [
  '{',
  '{"a":1,}',
  "{'a':1}",
  '{"a":1}{"b":2}',
  '{"a":01}',
  'NaN',
  '"\u0001"',
  '['.repeat(100_000),
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from('{}', 'utf16le'),
  JSON.stringify({ a: 'a'.repeat(300_000) }),
]

const withTwice = (body: object, name: string): string =>
  JSON.stringify(body).replace(/^\{/, `{${JSON.stringify(name)}:null,`)

const isAllowed = ({ endpoint }: Route, text: string): boolean =>
  problemOfText(text) === null && endpoint.body.safeParse(JSON.parse(text)).success

function queriesFor({ endpoint }: Route, random: Random): Part<{ query: string }>[] {
  const names = Object.keys(jsonSchemaOf(endpoint.query).properties ?? {})
  return [...names, '__proto__', 'unknown'].flatMap((name) =>
    ['a\0b', ...Array.from({ length: 8 }, () => random.pick(ADDRESSABLE))].map((value) => ({
      query: `${name}=${encodeURIComponent(value)}`,
      mustRefuse:
        names.length > 0 && (!isStorable(value) || !endpoint.query.safeParse({ [name]: value }).success),
    })),
  )
}

/** Ids as they stand in an address; some are no text at all. */
const BAD_ADDRESSES = [
  '%',
  '%zz',
  '%00',
  '%ED%A0%80',
  '%C0%AF',
  '..',
  '.',
  '%2e%2e',
  '..%2f..%2fetc%2fpasswd',
  '%5c..%5c',
  ';',
  '*',
]

const idsFor = (random: Random): readonly string[] => [
  ...BAD_ADDRESSES,
  ...Array.from({ length: 10 }, () => encodeURIComponent(random.pick(ADDRESSABLE)) || '%20'),
]

const HEADERS = [
  'accept',
  'accept-language',
  'content-encoding',
  'content-type',
  'idempotency-key',
  'last-event-id',
  'origin',
  'traceparent',
  'x-colloquy-key',
  'x-forwarded-for',
  'x-request-id',
  'x-tenant-id',
]
/** What a client of ours can send at all. */
const HEADER_TEXTS = STRANGE_TEXTS.filter((one) => /^[\x20-\x7e]*$/.test(one))

const headersFor = (random: Random): readonly Record<string, string>[] =>
  HEADERS.flatMap((name) => [{ [name]: random.pick(HEADER_TEXTS) }, { [name]: random.pick(HEADER_TEXTS) }])
