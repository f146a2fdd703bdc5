import type { RateLimit } from '../../packages/chat-proxy/src/domain/ports/index.js'

/** How many pass in the first moment, and how many a minute after it. */
const USER = 20
const ADDRESS = 60
const TENANT = 100
const WIDE = 100_000
/** Bursts after which somebody new comes. */
const NEWCOMER_EVERY = 10

/** Who asks: in three tenants, each with another one of its limits in the way, and somebody new now and then. */
export function requestsOf(
  burst: number,
  count: number,
  { run, processes }: { readonly run: string; readonly processes: number },
): readonly (readonly RateLimit[])[] {
  const newcomer = `new_${Math.floor(burst / NEWCOMER_EVERY)}`
  const kinds = [
    (index: number) => limitsOf(`users_${run}`, `u_${index % 8}`, `a_${index % 8}`, [USER, WIDE, WIDE]),
    () => limitsOf(`users_${run}`, newcomer, newcomer, [USER, WIDE, WIDE]),
    (index: number) => limitsOf(`addresses_${run}`, `u_${index}`, `a_${index % 3}`, [WIDE, ADDRESS, WIDE]),
    (index: number) => limitsOf(`tenant_${run}`, `u_${index}`, `a_${index}`, [WIDE, WIDE, TENANT]),
  ]
  return Array.from({ length: count }, (_, index) => {
    // Requests go to the processes in turn: each of them gets all kinds.
    const turn = Math.floor(index / processes)
    const kind = kinds[turn % kinds.length]
    return kind ? kind(Math.floor(turn / kinds.length)) : []
  })
}

const limitsOf = (
  tenantId: string,
  user: string,
  address: string,
  [ofUser, ofAddress, ofTenant]: readonly [number, number, number],
): readonly RateLimit[] => [
  { name: 'messages_per_minute', scope: 'user', tenantId, id: user, max: ofUser },
  { name: 'messages_per_minute', scope: 'ip', tenantId, id: address, max: ofAddress },
  { name: 'messages_per_minute', scope: 'tenant', tenantId, id: '', max: ofTenant },
]

/** Counts what passed each limit, and by how many more than it allows. */
export class Referee {
  readonly #limits = new Map<string, { readonly max: number; readonly since: number; passed: number }>()

  /** @param began when the first request of the burst can have been asked, in ms */
  take(limits: readonly RateLimit[], isPassed: boolean, began: number): void {
    for (const { tenantId, scope, id, max } of limits) {
      const key = JSON.stringify([tenantId, scope, id])
      const limit = this.#limits.get(key) ?? { max, since: began, passed: 0 }
      if (isPassed) limit.passed += 1
      this.#limits.set(key, limit)
    }
  }

  /** Together over all limits, at `now`. */
  over(now: number): number {
    let over = 0
    for (const { max, since, passed } of this.#limits.values()) {
      const allowed = max + Math.floor(((now - since) * max) / 60_000)
      over += Math.max(0, passed - allowed)
    }
    return over
  }

  /** How many passed the limits that were in the way. */
  get passed(): number {
    const tight = [...this.#limits.values()].filter(({ max }) => max < WIDE)
    return tight.reduce((sum, { passed }) => sum + passed, 0)
  }
}
