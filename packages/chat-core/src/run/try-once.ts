import { asChatError, ChatError } from '../errors/chat-error.js'
import type { WakeReason } from '../platform/platform.js'
import { attempt, POLL_SECONDS } from './attempt.js'
import type { DriveOptions } from './drive-options.js'
import type { Rung } from './ladder.js'
import { DEAD_AFTER_HEARTBEATS } from './run-policy.js'
import { watchSilence } from './silence.js'

const OVER = new ChatError('aborted', 'This try is over.')

/** One attempt under both clocks. Never rejects: the failure is the result; a clean end without a terminal event is one, too. */
export async function tryOnce(rung: Rung, options: DriveOptions, renew: boolean): Promise<ChatError> {
  const { progress, transport } = options
  const connection = new AbortController()
  const signal = AbortSignal.any([options.signal, connection.signal])
  const abort = (error: ChatError): void => connection.abort(error)
  const clocks = startClocks(rung, options, abort)
  try {
    const token = await options.token(renew)
    if (!progress.acknowledged) await options.prepare(token, signal)
    clocks.restart()
    // Without a network it is certain that nothing leaves.
    progress.maybeSent ||= options.platform.isOnline()
    await attempt(rung, {
      ...options,
      token,
      signal,
      onBytes: clocks.onBytes,
      onEvent() {
        clocks.onEvent()
        options.onProgress(rung)
        // What some middlebox keeps open behind the terminal event is of no interest.
        if (progress.end) abort(OVER)
      },
    })
    if (progress.finished && !transport.server) progress.end ??= { status: 'completed', error: null }
    return new ChatError('upstream', 'The connection ended early.')
  } catch (thrown) {
    return asChatError(thrown)
  } finally {
    clocks.stop()
    abort(OVER)
  }
}

export interface Clocks {
  /** Begins the wait for a sign of life anew; the session may have told another heartbeat. */
  restart(): void
  readonly onBytes: () => void
  onEvent(): void
  stop(): void
}

/** Liveness: no byte means that the line is dead. Progress: bytes without an event mean that the model is slow. */
export function startClocks(
  rung: Rung,
  { platform, policy, onSlow }: Pick<DriveOptions, 'platform' | 'policy' | 'onSlow'>,
  abort: (error: ChatError) => void,
): Clocks {
  let heard = false
  const liveness = watchSilence(
    platform,
    () => longestSilence(rung, policy().heartbeat, heard),
    () => abort(new ChatError('stalled', 'The server is silent.')),
  )
  const slowness = watchSilence(platform, () => policy().stillWorkingAfter, onSlow)
  const stopListening = platform.onWake((reason) => {
    if (isDoubtful(reason, liveness.silence() > policy().heartbeat * 1.5))
      abort(new ChatError('upstream', 'The connection is old.'))
  })
  return {
    restart: liveness.restart,
    onBytes() {
      heard = true
      liveness.beat()
    },
    onEvent: slowness.beat,
    stop() {
      stopListening()
      liveness.stop()
      slowness.stop()
    },
  }
}

/** A page or line that is back cannot be trusted to still have its connection; a new one is cheap, waiting is not. */
const isDoubtful = (reason: WakeReason, wasQuiet: boolean): boolean =>
  reason === 'online' || reason === 'restored' || (reason === 'visible' && wasQuiet)

/** Longest that an answer as one JSON document may take, in milliseconds. */
const RESULT_LIMIT = 300_000

/** Only a stream owes heartbeats; a poll and a JSON answer are silent by nature. */
function longestSilence(rung: Rung, heartbeat: number, heard: boolean): number {
  const dead = heartbeat * DEAD_AFTER_HEARTBEATS
  if (rung === 'poll') return POLL_SECONDS * 1000 + dead
  if (rung === 'result') return RESULT_LIMIT
  return heard ? dead : heartbeat
}
