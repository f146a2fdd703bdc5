import type { LimitState as WireLimit } from '@colloquy/chat-core/protocol'
import type { LimitState } from '../../../domain/limits.js'

/** A limit as clients read it. */
export const limitToWire = ({ resetsAt, ...limit }: LimitState): WireLimit => ({
  ...limit,
  resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString(),
})
