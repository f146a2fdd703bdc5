import { asChatError, ChatError } from '../errors/chat-error.js'
import { attempt, POLL_SECONDS } from './attempt.js'
import type { DriveOptions } from './drive-options.js'
import type { Rung } from './ladder.js'
import { DEAD_AFTER_HEARTBEATS } from './run-policy.js'
import { watchSilence } from './silence.js'
import { BROKEN, isOldAfter } from './within-limit.js'

/**
 * One attempt: what it needs, each within its own limit, then the run's connection under both clocks. Never rejects: the failure
 * is the result; a clean end without a terminal event is one, too.
 */
export async function tryOnce(rung: Rung, options: DriveOptions, renew: boolean): Promise<ChatError> {
  const { progress } = options
  const connection = new AbortController()
  const signal = AbortSignal.any([options.signal, connection.signal])
  let clocks: Clocks | undefined
  try {
    if (!progress.acknowledged) await options.prepare()
    const token = await options.token(renew)
    const running = (clocks = startClocks(rung, options, connection))
    // Without a network it is certain that nothing leaves.
    progress.maybeSent ||= options.platform.isOnline()
    await attempt(rung, {
      ...options,
      ...running,
      token,
      signal,
      onEvent() {
        running.onEvent()
        options.onProgress(rung)
        // Now the server ends the stream; who hangs up before loses the connection, which the next question could take. What some
        // middlebox keeps open for longer is of no interest.
        if (progress.end) options.platform.after(1_000, () => connection.abort())
      },
    })
    return BROKEN
  } catch (thrown) {
    return asChatError(thrown)
  } finally {
    clocks?.stop()
    connection.abort()
  }
}

export interface Clocks {
  readonly onBytes: () => void
  readonly onEvent: () => void
  stop(): void
}

/** Liveness: no byte means that the line is dead. Progress: bytes without an event mean that the model is slow. */
export function startClocks(
  rung: Rung,
  { platform, policy, onSlow }: Pick<DriveOptions, 'platform' | 'policy' | 'onSlow'>,
  connection: AbortController,
): Clocks {
  let heard = false
  const liveness = watchSilence(
    platform,
    () => longestSilence(rung, policy().heartbeat, heard),
    () => connection.abort(new ChatError('stalled', 'The server is silent.')),
  )
  const slowness = watchSilence(platform, () => policy().stillWorkingAfter, onSlow)
  const stopListening = platform.onWake((reason) => {
    if (isOldAfter(reason) || (reason === 'visible' && liveness.silence() > policy().heartbeat * 1.5))
      connection.abort(BROKEN)
  })
  return {
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

/** Longest that an answer as one JSON document may take, in milliseconds. */
const RESULT_LIMIT = 300_000

/** Only a stream owes heartbeats; a poll and a JSON answer are silent by nature. */
function longestSilence(rung: Rung, heartbeat: number, heard: boolean): number {
  const dead = heartbeat * DEAD_AFTER_HEARTBEATS
  if (rung === 'poll') return POLL_SECONDS * 1000 + dead
  if (rung === 'result') return RESULT_LIMIT
  return heard ? dead : heartbeat
}
