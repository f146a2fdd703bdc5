import { z } from 'zod'
import type { SchemaObject } from './openapi-types.js'

const AT_HOME = '#/$defs/'
const IN_DOCUMENT = '#/components/schemas/'

/** Turns schemas of zod into those of a document, which has every named one once. */
export class Schemas {
  readonly named: Record<string, SchemaObject> = {}

  /** What a client writes or reads; not what we make of it. */
  of(schema: z.ZodType): SchemaObject {
    const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: simplify })
    // Zod's own type of a JSON Schema has the same fields, each open to `any`.
    const {
      $schema: _draft,
      $defs = {},
      ...own
    } = referring(made) as SchemaObject & {
      readonly $schema?: string
      readonly $defs?: Readonly<Record<string, SchemaObject>>
    }
    Object.assign(this.named, $defs)
    return own
  }
}

/** Takes away what says nothing to a reader: the ends of what a number can hold, and patterns of formats that have a name. */
function simplify({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.type !== 'string' || jsonSchema.format !== undefined) delete jsonSchema.pattern
}

/** The same, with its references to where the schemas stand in the document. */
function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      name === '$ref' && typeof one === 'string' ? one.replace(AT_HOME, IN_DOCUMENT) : referring(one),
    ]),
  )
}
