import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import type { Owner } from '../../domain/ports/index.js'
import type { Tables } from './schema.js'

/** Names of the token buckets of one person, as `BucketRateLimiter` makes them. */
const bucketNames = ({ ownerId }: Owner): readonly string[] => [`messages_per_minute:user:${ownerId}`]

/**
 * Takes the person's full buckets away. One that is not full is left until it is, within a minute: else whoever asks to be
 * forgotten could ask the model without a limit.
 * @returns whether one is left
 */
export async function isRateCounted(
  trx: Transaction<Tables>,
  owner: Owner,
  now: RawBuilder<number>,
): Promise<boolean> {
  const names = bucketNames(owner)
  await trx
    .deleteFrom('rate_buckets')
    .where('tenant_id', '=', owner.tenantId)
    .where('name', 'in', names)
    .where('full_at', '<=', sql<number>`(${now}) * 1000`)
    .execute()
  const left = await trx
    .selectFrom('rate_buckets')
    .select('name')
    .where('tenant_id', '=', owner.tenantId)
    .where('name', 'in', names)
    .executeTakeFirst()
  return left !== undefined
}

/** Places that the person's answers took; their answers have been stopped. */
export async function removePlaces(db: Kysely<Tables>, { tenantId, ownerId }: Owner): Promise<void> {
  await db
    .deleteFrom('run_places')
    .where('tenant_id', '=', tenantId)
    .where('owner_id', '=', ownerId)
    .execute()
}
