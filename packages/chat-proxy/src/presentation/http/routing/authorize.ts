import type { Caller } from '../../../domain/caller.js'
import { DomainError } from '../../../domain/errors.js'
import type { Route } from './route.js'

/** Lets those pass whose role stands in the row, and nobody else. @throws DomainError `not-allowed` */
export function authorize(access: Exclude<Route['access'], string>, { role }: Caller): void {
  if (!access.includes(role)) throw new DomainError('not-allowed', `The role "${role}" may not do this.`)
}
