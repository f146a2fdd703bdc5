import type { ChatError } from '../errors/chat-error.js'
import { rungBelow, type Rung } from './ladder.js'

/** Longest `Retry-After` that is waited for before a question is sent again; after a longer one a person decides. */
const LONGEST_WAIT_MS = 10_000

/** What is known when a try has ended and the run has not. */
export interface Situation {
  readonly rung: Rung
  /** The try brought at least one event. */
  readonly gotEvents: boolean
  /** The try before this one was silent as well. */
  readonly wasSilent: boolean
  /** The server showed that it has the run. */
  readonly acknowledged: boolean
  /** The other side keeps runs, so that a second try is not a second answer. */
  readonly hasServer: boolean
  /** This try had a fresh token. */
  readonly renewed: boolean
}

/**
 * What to do after a failed try: go on over a rung (one below the present one when reading is at fault), try at once with a
 * fresh token, or, with `null`, give up. Decides by codes and statuses alone.
 */
export function nextStep(error: ChatError, situation: Situation): Rung | 'renew' | null {
  const { code, status, retryable, retryAfter } = error
  const { rung, acknowledged, hasServer, renewed, gotEvents, wasSilent } = situation
  // Where nobody keeps runs, only a complete refusal proves that the model did not run.
  if (!hasServer) return !acknowledged && status && retryable ? rung : null
  if (status === 401 && !renewed) return 'renew'
  // So long nobody waits without a word, and nothing is lost: the server has not taken the question.
  if (!acknowledged && (retryAfter ?? 0) > LONGEST_WAIT_MS) return null
  const isProtocol = code === 'protocol'
  // This way of reading does not get through, though the server may be well: silent twice, or a good answer that is no event stream.
  const isReadingAtFault = (code === 'stalled' && wasSilent) || (isProtocol && status && status < 300)
  if (isReadingAtFault && !gotEvents) return rungBelow(rung)
  // Once the server has the run, a connection that turned to garbage is only a broken connection.
  return retryable || (acknowledged && isProtocol && !status) ? rung : null
}
