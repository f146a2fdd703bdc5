import type { StoreConfig } from '../../packages/chat-proxy/src/config/config.js'
import type { RateLimit } from '../../packages/chat-proxy/src/domain/ports/index.js'

/** What a worker is started with. */
export interface Setup {
  readonly store: StoreConfig
  readonly redisUrl: string | null
  readonly instances: number
}

/** Asked for at once; the limits of each request. */
export interface Burst {
  readonly requests: readonly (readonly RateLimit[])[]
}

export interface Asked {
  readonly isPassed: boolean
  /** Until it was answered. */
  readonly ms: number
  /** Of that, when its process had nothing to do: what is left is the work of the whole burst on a busy machine. */
  readonly waited: number
}
