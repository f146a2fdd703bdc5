import type { DomainEvent } from '../../domain/domain-event.js'
import { isStoreAway } from '../../domain/errors.js'
import type { Outcome, Reservation } from '../../domain/ledger.js'
import type { Clock, Ledger, Logger } from '../../domain/ports/index.js'

export interface HeldReservationDeps {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly logger: Logger
}

/** Milliseconds: a process that does not extend its reservations for so long is dead. Well within the minute after which none may be left. */
export const LIFE_MS = 40_000
const EXTEND_MS = 10_000
/** After so many milliseconds settling is tried again while the store is away. */
const AGAIN_MS = 2_000

/** What this process has set aside for something that is no run: nobody takes it for abandoned until it is settled. */
export class HeldReservation {
  readonly #deps: HeldReservationDeps
  readonly #reservation: Reservation
  #heldUntil: number
  #cancel: () => void = () => {}

  /** @param expiresAt milliseconds since 1970, as it is stored */
  constructor(deps: HeldReservationDeps, reservation: Reservation, expiresAt: number) {
    this.#deps = deps
    this.#reservation = reservation
    this.#heldUntil = expiresAt
    this.#extendLater()
  }

  /** Never rejects. Resolves when it is settled, or when the store is away: then it is tried again behind the caller's back. */
  settle(outcome: Outcome, event?: DomainEvent): Promise<void> {
    this.#cancel()
    return this.#settle(outcome, event)
  }

  #extendLater(): void {
    const { ledger, clock } = this.#deps
    this.#cancel = clock.after(EXTEND_MS, () => {
      this.#extendLater()
      const until = clock.now() + LIFE_MS
      // One that is not extended is settled early; the next try may still be in time.
      ledger.extend(this.#reservation, until).then(
        () => (this.#heldUntil = until),
        () => {},
      )
    })
  }

  async #settle(outcome: Outcome, event: DomainEvent | undefined): Promise<void> {
    const { ledger, clock, logger } = this.#deps
    try {
      await ledger.settle(this.#reservation, outcome, event)
    } catch (error) {
      // Not once it is abandoned: its caller may have been forgotten with it, and the event would name them again.
      if (isStoreAway(error) && clock.now() + AGAIN_MS < this.#heldUntil) {
        clock.after(AGAIN_MS, () => void this.#settle(outcome, event))
        return
      }
      const { tenantId } = this.#reservation
      logger.error('a call of the model could not be settled', { tenantId, error })
    }
  }
}
