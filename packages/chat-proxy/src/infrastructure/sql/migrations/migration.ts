import type { Transaction } from 'kysely'
import type { Tables } from '../schema.js'

/** One step of the schema, forward only. Never changed once released: the next need is the next number. */
export interface Migration {
  /** Counts from 1, without gaps. */
  readonly id: number
  readonly name: string
  /** Runs on both technologies, inside the transaction that also records it. */
  up(trx: Transaction<Tables>): Promise<void>
}
