import type { Clock } from '../../../domain/ports/clock.js'
import {
  abandoned,
  CLOSED,
  entered,
  failed,
  type BreakerOptions,
  type BreakerState,
} from './breaker-state.js'

/** Leave to make one call. Exactly one of `succeeded`, `failed` and `abandoned` is to be said, once. */
export interface BreakerPass {
  /** The provider has begun to answer: if everybody was waiting for this call, they need not wait for its end. */
  answering(): void
  succeeded(): void
  failed(): void
  /** The call ended without saying anything about the provider. */
  abandoned(): void
}

/** How a breaker stands, for metrics and readiness. */
export interface BreakerView {
  /** `half-open`: the pause is over, and the next call, or one that is under way, decides. */
  readonly state: BreakerState['kind']
  /** Milliseconds until a call may go through; 0 when one may now or when one is just finding out. */
  readonly wait: number
}

export const BREAKER_DEFAULTS: BreakerOptions = { failures: 5, pause: 30_000 }

/** Spares a provider that keeps failing, and everybody who would wait for it. */
export class CircuitBreaker {
  readonly #clock: Clock
  readonly #options: BreakerOptions
  readonly #onChange: (isOpen: boolean) => void
  #state: BreakerState = CLOSED
  /** Counts changes of kind, so that a call which began before one does not speak about the time after it. */
  #era = 0

  /** @param onChange called with `true` when it opens and with `false` when it closes */
  constructor(
    clock: Clock,
    options: Partial<BreakerOptions> = {},
    onChange: (isOpen: boolean) => void = () => {},
  ) {
    this.#clock = clock
    this.#options = { ...BREAKER_DEFAULTS, ...options }
    this.#onChange = onChange
  }

  get view(): BreakerView {
    if (this.#state.kind !== 'open') return { state: this.#state.kind, wait: 0 }
    const wait = Math.max(0, this.#state.until - this.#clock.now())
    return { state: wait === 0 ? 'half-open' : 'open', wait }
  }

  /** @returns `null` when no call may be made now. */
  enter(): BreakerPass | null {
    const state = entered(this.#state, this.#clock.now())
    if (!state) return null
    this.#become(state)
    let era = this.#era
    const settle = (next: (state: BreakerState, now: number) => BreakerState): void => {
      if (era !== this.#era) return
      this.#become(next(this.#state, this.#clock.now()))
      era = this.#era
    }
    return {
      answering: () => settle((now) => (now.kind === 'half-open' ? CLOSED : now)),
      succeeded: () => settle(() => CLOSED),
      failed: () => settle((before, now) => failed(before, now, this.#options)),
      abandoned: () => settle(abandoned),
    }
  }

  #become(state: BreakerState): void {
    const before = this.#state.kind
    this.#state = state
    if (state.kind === before) return
    this.#era++
    if (state.kind === 'closed' || before === 'closed') this.#onChange(before === 'closed')
  }
}
