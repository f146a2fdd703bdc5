import { initial } from './001-initial.js'
import { leasesAndAttempts } from './002-leases-and-attempts.js'
import { tenants } from './003-tenants.js'
import { ledger } from './004-ledger.js'
import { ratesAndPlaces } from './005-rates-and-places.js'
import { keepingAndForgetting } from './006-keeping-and-forgetting.js'
import { runsByOwner } from './007-runs-by-owner.js'
import { unpricedTokens } from './008-unpriced-tokens.js'
import { pageContext } from './011-page-context.js'
import { countersByEnd } from './012-counters-by-end.js'
import { eventsAreKept } from './013-events-are-kept.js'
import { leasesInPlace } from './014-leases-in-place.js'
import type { Migration } from './migration.js'

/** In the order of application. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  leasesAndAttempts,
  tenants,
  ledger,
  ratesAndPlaces,
  keepingAndForgetting,
  runsByOwner,
  unpricedTokens,
  pageContext,
  countersByEnd,
  eventsAreKept,
  leasesInPlace,
]
