import type { StoreConfig } from '../config/config.js'
import type { Clock, Logger, Meter } from '../domain/ports/index.js'
import { openSqlite, type SqlDatabase } from '../infrastructure/sql/index.js'

export interface DatabaseParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly meter: Meter
}

/** The one place of conversations, runs and events. @throws DomainError `store-unavailable` */
export async function openDatabase(
  store: StoreConfig,
  { clock, logger, meter }: DatabaseParts,
): Promise<SqlDatabase> {
  meter.set('database_up', 1)
  const onChange = (isUsable: boolean): void => {
    meter.set('database_up', isUsable ? 1 : 0)
    if (isUsable) logger.info('the database answers again')
    else logger.warn('the database does not answer')
  }
  if (store.kind === 'sqlite') return openSqlite({ file: store.file, now: () => clock.now(), onChange })
  // Only where it is used: whoever waits for a process that was killed waits for all that it loads.
  const { openPostgres } = await import('../infrastructure/sql/postgres/open-postgres.js')
  return openPostgres({
    url: store.url,
    poolSize: store.poolSize,
    onOpenWall: () =>
      logger.warn(
        'the database login sees all rows: row-level security does not hold tenants apart; use one without BYPASSRLS',
      ),
    onPooler: () =>
      logger.warn(
        'a pooler gives this process connections of others: when it stands still for more than a second, its answers are ended as interrupted; connect to PostgreSQL itself',
      ),
    onChange,
  })
}
