import type { TokenBucket } from '../../domain/token-bucket.js'

/** A token asked for. */
export interface AskedToken {
  readonly tenantId: string
  /** Names the bucket within its tenant. */
  readonly name: string
  readonly bucket: TokenBucket
  /** The bucket has at least this debt, as far as the asker knows: a store that lost its own count takes it over. */
  readonly knownDebt: number
}

export interface TakenTokens {
  /** Whether one token of each was taken; else none was of any. */
  readonly isTaken: boolean
  /** Afterwards, in the order of the tokens asked for. */
  readonly debts: readonly number[]
}

/** Buckets that several processes take from, by one clock. */
export interface SharedBuckets {
  /** False: no other process can be counting here, so that this one may count by itself. */
  isShared(): boolean
  /** False: the store was away shortly before, and processes may have given tokens that it does not know of. */
  countsAll(): boolean
  /** In one step. @throws BucketsAway · DomainError `store-unavailable` */
  take(asked: readonly AskedToken[]): Promise<TakenTokens>
  /** The debts as they are. Throws like `take`. */
  peek(asked: readonly AskedToken[]): Promise<readonly number[]>
}

/** The store cannot be asked at the moment, and whoever asks may go on without it. */
export class BucketsAway extends Error {
  override readonly name = 'BucketsAway'
  /** The question went out and the answer did not come: others, or this one, may just have emptied the buckets. */
  readonly isUnanswered: boolean

  constructor({ isUnanswered }: { readonly isUnanswered: boolean }) {
    super('The store of the rate limits cannot be reached.')
    this.isUnanswered = isUnanswered
  }
}

/** Shared by nobody. */
export const UNSHARED: SharedBuckets = {
  isShared: () => false,
  countsAll: () => true,
  take: () => Promise.reject(new BucketsAway({ isUnanswered: false })),
  peek: () => Promise.reject(new BucketsAway({ isUnanswered: false })),
}
