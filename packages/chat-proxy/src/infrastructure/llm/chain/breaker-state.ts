export interface BreakerOptions {
  /** Failures in a row that open the breaker. Default 5. */
  readonly failures: number
  /** Milliseconds that an open breaker waits before it lets one call through. Default 30,000. */
  readonly pause: number
}

/**
 * - `closed`: calls go through; failures in a row are counted.
 * - `open`: no call goes through before the moment `until` (milliseconds since 1970).
 * - `half-open`: one call went through and has not told yet whether the provider is back; no other does.
 */
export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half-open' }

export const CLOSED: BreakerState = { kind: 'closed', failures: 0 }

/** The state that one more call leads to; `null` when it may not go through. */
export function entered(state: BreakerState, now: number): BreakerState | null {
  if (state.kind === 'closed') return state
  return state.kind === 'open' && now >= state.until ? { kind: 'half-open' } : null
}

/** After a call that failed by the provider's fault. */
export function failed(state: BreakerState, now: number, { failures, pause }: BreakerOptions): BreakerState {
  if (state.kind === 'closed' && state.failures + 1 < failures)
    return { kind: 'closed', failures: state.failures + 1 }
  return { kind: 'open', until: now + pause }
}

/** After a call that says nothing about the provider, such as one that was stopped: the next one finds it out. */
export const abandoned = (state: BreakerState, now: number): BreakerState =>
  state.kind === 'half-open' ? { kind: 'open', until: now } : state
