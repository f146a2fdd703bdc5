import type { LimitState as WireLimit } from '@colloquy/chat-core/protocol'
import { isOperators, type LimitState } from '../../../domain/limits.js'

/** A limit as clients read it. */
export const limitToWire = (limit: LimitState): WireLimit => {
  const { resetsAt, ...figures } = isOperators(limit) ? asShare(limit) : limit
  return { ...figures, resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString() }
}

/** Of one, in hundredths, rounded against the caller. */
function asShare(limit: LimitState): LimitState {
  const hundredths = limit.max > 0 ? Math.floor((Math.max(0, limit.remaining) * 100) / limit.max) : 0
  return { ...limit, max: 1, used: (100 - hundredths) / 100, remaining: hundredths / 100 }
}
