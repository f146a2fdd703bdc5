import type { Kysely } from 'kysely'
import { forgottenVisitor } from '../../domain/errors.js'
import type { Owner } from '../../domain/ports/index.js'
import { visitorPseudonym } from './pseudonym.js'
import type { Tables } from './schema.js'
import { Statement } from './statement.js'

/** `deleted_at` of what nobody may restore, whatever the time to do so. */
export const FORGOTTEN_AT = 0

/** Whether a visitor of this name wished to be forgotten. */
export async function isForgotten(db: Kysely<Tables>, { tenantId, ownerId }: Owner): Promise<boolean> {
  const pseudonym = visitorPseudonym(tenantId, ownerId)
  const { rows } = await erasure.execute(db, { tenantId, pseudonym })
  return rows.length > 0
}

const erasure = new Statement<{ tenantId: string; pseudonym: string }>((db, value) =>
  db
    .selectFrom('erasures')
    .select('pseudonym')
    .where('tenant_id', '=', value('tenantId'))
    .where('pseudonym', '=', value('pseudonym')),
)

/**
 * Call it after `recordEvent`: an erasure takes the tenant's counter, too, so it has either been committed and is seen here,
 * or will see what is committed now.
 * @throws DomainError `not-authenticated`
 */
export async function refuseForgotten(db: Kysely<Tables>, owner: Owner): Promise<void> {
  if (await isForgotten(db, owner)) throw forgottenVisitor()
}
