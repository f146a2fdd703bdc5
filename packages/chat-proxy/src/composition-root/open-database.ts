import type { StoreConfig } from '../config/config.js'
import type { Clock } from '../domain/ports/index.js'
import { openPostgres, openSqlite, type SqlDatabase } from '../infrastructure/sql/index.js'

/** The one place of conversations, runs and events. @throws DomainError `store-unavailable` */
export const openDatabase = (store: StoreConfig, clock: Clock): Promise<SqlDatabase> =>
  store.kind === 'postgres'
    ? openPostgres({ url: store.url })
    : openSqlite({ file: store.file, now: () => clock.now() })
