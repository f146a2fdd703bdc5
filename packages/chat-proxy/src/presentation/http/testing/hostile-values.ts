import { z } from 'zod'
import type { Random } from '../../../testing/random.js'

/** A schema as JSON Schema, as far as the search for hostile values looks at it. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly maxLength?: number
  readonly maximum?: number
  readonly minimum?: number
  readonly maxItems?: number
}

/** What a request may say, not what an endpoint makes of it. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  // Zod's own type of a JSON Schema has the same fields, each open to `any`.
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema

/** Names and positions from the top of a value down. */
export type Path = readonly (string | number)[]

export interface Place {
  readonly path: Path
  readonly schema: JsonSchema
}

/** Every place in a value that the schema speaks of; in lists the first one. */
export function placesOf(schema: JsonSchema, path: Path = []): readonly Place[] {
  const below = [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => placesOf(one, [...path, name])),
    ...(schema.items ? placesOf(schema.items, [...path, 0]) : []),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => placesOf(one, path)),
    ...(typeof schema.additionalProperties === 'object'
      ? placesOf(schema.additionalProperties, [...path, 'any_name'])
      : []),
  ]
  return [{ path, schema }, ...below]
}

/** As JSON text, so that a value can be what no value in memory is. */
export type JsonText = string

const text = (value: unknown): JsonText => JSON.stringify(value)
const deep = (depth: number): JsonText => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const deepList = (depth: number): JsonText => '['.repeat(depth) + ']'.repeat(depth)

/** Values of every type, at their ends and beyond. */
const VALUES = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  '',
  ' ',
  '0',
  'null',
  'NaN',
]
const NUMBERS: readonly JsonText[] = ['1e999', '-1e999', '-0', '1E-400', '123456789012345678901234567890']
const SHAPES: readonly unknown[] = [
  [],
  {},
  [[]],
  [null],
  [{}],
  [''],
  { '': '' },
  { length: -1 },
  { toString: 1 },
  { constructor: {} },
]
const POLLUTION: readonly JsonText[] = [
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{"role":"admin"}}}',
  '{"a":1,"a":2}',
]
/** U+0000, halves of pairs, signs without a look of their own, a direction override, the last character, a byte order mark. */
const CHARACTERS: readonly JsonText[] = [
  '"\\u0000"',
  '"\\ud800"',
  '"x\\udfff\\ud800y"',
  '"\\u200b\\u2060"',
  '"\\u202e"',
  '"\\udbff\\udfff"',
  '"\\ufeff"',
]
const INJECTIONS = [
  '../../../../etc/passwd',
  '..%2f..%2fetc',
  '/etc/passwd',
  'C:\\windows\\win.ini',
  'file:///etc/passwd',
  "' OR 1=1 --",
  '"; DROP TABLE messages; --',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  'http://169.254.169.254/',
  '\r\nx-injected: 1',
  '%s%s%n',
  '$where',
  '${7*7}',
  '{{7*7}}',
]
const LARGE = ['a'.repeat(20_000), Array.from({ length: 10_000 }, () => 0)]

const STRANGE: readonly JsonText[] = [
  [...VALUES, ...SHAPES, ...INJECTIONS, ...LARGE].map(text),
  NUMBERS,
  POLLUTION,
  CHARACTERS,
  [deep(99), deep(10_000), deepList(10_000)],
  text(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i]))),
].flat()

/** One beyond each end that the schema names. */
function beyond({ maxLength, maximum, minimum, maxItems }: JsonSchema): readonly JsonText[] {
  return [
    ...(maxLength === undefined ? [] : [text('a'.repeat(maxLength + 1)), text('a'.repeat(maxLength))]),
    ...(maximum === undefined ? [] : [text(maximum + 1), text(maximum)]),
    ...(minimum === undefined ? [] : [text(minimum - 1), text(minimum)]),
    ...(maxItems === undefined ? [] : [text(Array.from({ length: maxItems + 1 }, () => 'abcdef'))]),
  ]
}

/** Everything at the ends of the schema, and `some` of what is strange anywhere. */
export const hostileAt = ({ schema }: Place, random: Random, some: number): readonly JsonText[] => [
  ...beyond(schema),
  ...Array.from({ length: some }, () => random.pick(STRANGE)),
]

/** Text for a path, a query or a header: what is hostile in JSON, without quotes. */
export const STRANGE_TEXTS: readonly string[] = STRANGE.flatMap((json) => {
  if (json.length > 5_000) return []
  const value: unknown = JSON.parse(json)
  return typeof value === 'string' ? [value] : [json]
})
