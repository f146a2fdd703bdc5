import { ROLES, type Role } from '../../domain/caller.js'
import type { ClaimPath, IdentityClaims } from '../../domain/identity.js'

export type Claims = Readonly<Record<string, unknown>>

/** Most names that are read from one claim. */
const MOST_NAMES = 1_000

/** The name, or the names, that stand there. Anything else that stands there says nothing. */
export function namesAt(claims: Claims, path: ClaimPath): readonly string[] {
  const value = path.reduce<unknown>(valueOf, claims)
  const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MOST_NAMES) : [value]
  return values.filter((name): name is string => typeof name === 'string' && name !== '')
}

/** A user who verifiably is one, and the strongest of the roles that the configuration gives to names in the token. */
export function roleOf(claims: Claims, { roles, roleNames }: IdentityClaims): Role {
  const names = roles.flatMap((path) => namesAt(claims, path))
  const held = new Set<Role | undefined>(
    names.map((name) => (Object.hasOwn(roleNames, name) ? roleNames[name] : undefined)),
  )
  return ROLES.find((role) => held.has(role)) ?? 'user'
}

/** The stronger of two. */
export const strongest = (a: Role, b: Role): Role => (ROLES.indexOf(a) <= ROLES.indexOf(b) ? a : b)

const valueOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? // An object with that property of its own, as the line above found.
      (value as Record<string, unknown>)[name]
    : undefined
