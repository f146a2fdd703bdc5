import { hash, randomBytes } from 'node:crypto'

/** A fresh id nobody can guess: 16 random bytes behind a prefix that tells a person what it names. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(16).toString('base64url')}`

/** The same id for the same parts, in every process, so that a repeated request names the same objects. */
export const deriveId = (prefix: string, ...parts: readonly string[]): string =>
  `${prefix}_${digestOf(parts).slice(0, 22)}`

/** SHA-256 over the JSON of `value`, in base64url. */
export const digestOf = (value: unknown): string => hash('sha256', JSON.stringify(value), 'base64url')
