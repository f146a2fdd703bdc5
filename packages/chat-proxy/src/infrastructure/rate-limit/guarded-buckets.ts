import { isStoreAway } from '../../domain/errors.js'
import type { Clock } from '../../domain/ports/clock.js'
import { bucketOf } from '../../domain/token-bucket.js'
import { BucketsAway, type AskedToken, type SharedBuckets, type TakenTokens } from './shared-buckets.js'

export interface GuardedBucketsOptions {
  readonly buckets: SharedBuckets
  readonly clock: Clock
  /** Milliseconds for which a request waits for the store. Default 40. */
  readonly patience?: number
  /** Called with `false` when the store is away and with `true` when it is back; never twice in a row with the same. */
  readonly onChange?: (isThere: boolean) => void
}

const PATIENCE_MS = 40
/**
 * Within its patience a request looks so often whether there is an answer, and counts the looks: a process that stood still or gets little
 * of the machine looks late, and then has as much time for what comes meanwhile.
 */
const LOOKS = 2
/** How often a store that is away is asked whether it is back. */
const PROBE_MS = 250
/**
 * Nobody's, and full again within a millisecond. It is taken, not looked at: a Redis without memory left, or one that became a replica,
 * can be read and counts nothing.
 */
const PROBE: AskedToken = { tenantId: '', name: 'probe', bucket: bucketOf(1_000_000), knownDebt: 0 }
/** After it a bucket is full, whatever was taken before. */
const LONGEST_MEMORY_MS = 60_000

/**
 * Keeps a store that is dead or hangs from holding up requests: the first ones wait for a moment, all others not at all, until it
 * answers again.
 */
export class GuardedBuckets implements SharedBuckets {
  readonly #options: GuardedBucketsOptions
  #isAway = false
  #isClosed = false
  #countsAllFrom = 0
  #cancelProbe: () => void = () => {}

  constructor(options: GuardedBucketsOptions) {
    this.#options = options
  }

  isShared(): boolean {
    return this.#options.buckets.isShared()
  }

  countsAll(): boolean {
    return this.#options.clock.now() >= this.#countsAllFrom
  }

  take(asked: readonly AskedToken[]): Promise<TakenTokens> {
    return this.#ask((buckets) => this.#taking(buckets, asked))
  }

  peek(asked: readonly AskedToken[]): Promise<readonly number[]> {
    return this.#ask((buckets) => buckets.peek(asked))
  }

  /** No more probes. */
  close(): void {
    this.#isAway = true
    this.#isClosed = true
    this.#cancelProbe()
  }

  async #ask<T>(question: (buckets: SharedBuckets) => Promise<T>): Promise<T> {
    if (this.#isAway) throw new BucketsAway({ isUnanswered: false })
    try {
      return await this.#inTime(question)
    } catch (error) {
      if (!isAbsence(error)) throw error
      this.#leave()
      throw new BucketsAway({ isUnanswered: true })
    }
  }

  #inTime<T>(question: (buckets: SharedBuckets) => Promise<T>): Promise<T> {
    const { buckets, clock, patience = PATIENCE_MS } = this.#options
    return new Promise((resolve, reject) => {
      let cancel = (): void => {}
      const wait = (looks: number): void => {
        cancel = clock.after(patience / LOOKS, () => {
          if (looks > 1) wait(looks - 1)
          // An answer may be there already and only unread, because this process had much to do: it is read before the verdict.
          else setImmediate(() => reject(new BucketsAway({ isUnanswered: true })))
        })
      }
      wait(LOOKS)
      question(buckets)
        .then(resolve, reject)
        .finally(() => cancel())
    })
  }

  /** A late answer is as good a sign as that of a probe. */
  #taking(buckets: SharedBuckets, asked: readonly AskedToken[]): Promise<TakenTokens> {
    const answer = buckets.take(asked)
    answer.then(() => this.#comeBack()).catch(() => {})
    return answer
  }

  #leave(): void {
    if (this.#isAway) return
    this.#isAway = true
    this.#options.onChange?.(false)
    this.#probeLater()
  }

  #probeLater(): void {
    this.#cancelProbe = this.#options.clock.after(PROBE_MS, () => void this.#probe())
  }

  async #probe(): Promise<void> {
    try {
      await this.#inTime((buckets) => this.#taking(buckets, [PROBE]))
    } catch {
      if (this.#isAway) this.#probeLater()
    }
  }

  #comeBack(): void {
    if (!this.#isAway || this.#isClosed) return
    this.#cancelProbe()
    this.#isAway = false
    this.#countsAllFrom = this.#options.clock.now() + LONGEST_MEMORY_MS
    this.#options.onChange?.(true)
  }
}

const isAbsence = (error: unknown): boolean => error instanceof BucketsAway || isStoreAway(error)
