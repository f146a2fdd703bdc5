import type { ChatError } from '../errors/chat-error.js'
import { rungBelow, type Rung } from './ladder.js'

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

export type NextStep =
  | { readonly kind: 'give-up' }
  /** Try at once, with a fresh token. */
  | { readonly kind: 'renew' }
  /** @property counts whether the try is one of the few that are allowed without progress */
  | { readonly kind: 'again'; readonly rung: Rung; readonly counts: boolean }

const GIVE_UP: NextStep = { kind: 'give-up' }

/** What to do after a failed try. Decides by codes and statuses alone. */
export function nextStep(error: ChatError, situation: Situation): NextStep {
  const { rung, acknowledged, hasServer, renewed } = situation
  if (!hasServer) {
    // Only a complete refusal proves that the model did not run.
    const refused = !acknowledged && error.status !== undefined && error.retryable
    return refused ? { kind: 'again', rung, counts: true } : GIVE_UP
  }
  if (error.status === 401 && !renewed) return { kind: 'renew' }
  if (isReadingAtFault(error, situation)) {
    const lower = rungBelow(rung)
    return lower ? { kind: 'again', rung: lower, counts: false } : GIVE_UP
  }
  // Once the server has the run, a connection that turned to garbage is only a broken connection.
  const isGarbage = acknowledged && error.code === 'protocol' && error.status === undefined
  return error.retryable || isGarbage ? { kind: 'again', rung, counts: true } : GIVE_UP
}

/** This way of reading does not get through, though the server may be well: silent twice, or an answer that is no event stream. */
function isReadingAtFault(error: ChatError, { gotEvents, wasSilent }: Situation): boolean {
  if (gotEvents) return false
  return (error.code === 'stalled' && wasSilent) || (error.code === 'protocol' && isSuccess(error.status))
}

const isSuccess = (status: number | undefined): boolean =>
  status !== undefined && status >= 200 && status < 300
