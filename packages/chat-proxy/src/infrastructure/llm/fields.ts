/** The fields of a JSON object that nobody vouches for. */
export type Fields = Readonly<Record<string, unknown>>

/** The value as an object; `undefined` for anything else, arrays included. */
export const fieldsOf = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined)

/** The value as a string; empty for anything else. */
export const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The value as a list; empty for anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
