import { randomBytes } from 'node:crypto'
import { INSTALLATION, type SqlDatabase } from './sql-database.js'

const KEY_BYTES = 32

/**
 * The secret of that name that this installation signs with (HS256 and the like), made on first use. However many
 * processes ask for the first time at once, one of their keys is stored and all of them get that one.
 * @param now Milliseconds since 1970.
 * @returns 32 random bytes.
 */
export async function loadOrCreateSigningKey(
  database: SqlDatabase,
  name: string,
  now: number,
): Promise<Uint8Array> {
  const secret = randomBytes(KEY_BYTES).toString('base64url')
  const stored = await database.transaction(INSTALLATION, async (trx) => {
    await trx
      .insertInto('signing_keys')
      .values({ name, secret, created_at: now })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    return trx.selectFrom('signing_keys').select('secret').where('name', '=', name).executeTakeFirstOrThrow()
  })
  return new Uint8Array(Buffer.from(stored.secret, 'base64url'))
}
