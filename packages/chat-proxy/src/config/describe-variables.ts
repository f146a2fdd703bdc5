import type { z } from 'zod'
import { IDENTITY_VARIABLES } from './identity-variables.js'
import { LIMIT_VARIABLES } from './limit-variables.js'
import { METRICS_VARIABLES } from './metrics-variables.js'
import { QUOTA_VARIABLES } from './quota-variables.js'
import { TENANT_VARIABLES } from './tenant-variables.js'
import { CHAT_VARIABLES, MODEL_VARIABLES, SERVER_VARIABLES } from './variables.js'

/** A variable of the environment, for people. */
export interface DescribedVariable {
  readonly name: string
  /** As it would be written; `null`: there is none. */
  readonly usual: string | null
  readonly description: string
}

/** All variables under headings, in the order in which somebody sets them. */
export const VARIABLE_GROUPS: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  'Which model answers': MODEL_VARIABLES,
  'What visitors see and may do': CHAT_VARIABLES,
  'Who its users are': IDENTITY_VARIABLES,
  'Tenants, and who gets the chat': TENANT_VARIABLES,
  'What may be used in a minute, and at once': LIMIT_VARIABLES,
  'What may be used in a day and a month': QUOTA_VARIABLES,
  'Where it listens and what it keeps': SERVER_VARIABLES,
  'What is measured': METRICS_VARIABLES,
}

export const describeVariables = (
  variables: Readonly<Record<string, z.ZodType>>,
): readonly DescribedVariable[] =>
  Object.entries(variables).map(([name, schema]) => ({
    name,
    usual: usualOf(schema),
    description: schema.description ?? '',
  }))

/** The default of a schema, wherever in it that stands. */
function usualOf(schema: z.core.$ZodType): string | null {
  // The definitions of zod's own schemas, of which these two fields are all that matters here.
  const { def } = schema._zod as { readonly def: SchemaDef }
  if (def.type === 'default') return written(def.defaultValue)
  const inner = def.in ?? def.innerType
  return inner ? usualOf(inner) : null
}

interface SchemaDef {
  readonly type: string
  readonly defaultValue?: unknown
  readonly in?: z.core.$ZodType
  readonly innerType?: z.core.$ZodType
}

/** `null` stands for no limit, which is written `off`; nothing is written for what is empty. */
function written(value: unknown): string | null {
  if (value === null) return 'off'
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return `${value}` || null
  return Array.isArray(value) ? value.join(',') || null : null
}
