import { ChatError } from '../errors/chat-error.js'
import type { Platform, WakeReason } from '../platform/platform.js'
import { fullJitter } from '../retry/backoff.js'
import { attempt, type AttemptContext } from './attempt.js'
import { rungBelow, type Rung } from './ladder.js'
import { watchLiveness, type LivenessWatch } from './liveness.js'
import { DEAD_AFTER_HEARTBEATS, type RunPolicy } from './run-policy.js'
import { abortReason, waitForTry } from './wait.js'

export interface DriveOptions extends Pick<AttemptContext, 'transport' | 'send' | 'progress'> {
  readonly platform: Platform
  readonly policy: () => RunPolicy
  /** A valid token; with `renew` a new one, because the last was refused. */
  token(renew: boolean): Promise<string>
  /** Aborts between tries and not within one: a question that may have arrived is followed until that is known. */
  readonly stopSignal: AbortSignal
  /** What must be true on the server before the question is sent; repeated until it succeeds once. */
  prepare(token: string, signal: AbortSignal): Promise<void>
  readonly rung: Rung
  /** A rung other than the first one brought an event. */
  onRung(rung: Rung): void
  onProgress(): void
  /** The line broke, or is silent; `null` when events come again. */
  onTrouble(error: ChatError | null): void
  readonly signal: AbortSignal
}

/**
 * Gets one run to its end: send, resume and step down the ladder, as often as hope lasts. Resolves when and only when
 * `progress.end` is set; the end of a connection alone never is an end of the run.
 * @throws ChatError the last failure when tries are used up or useless; `progress` keeps what came, and the run can be driven on
 */
export async function driveRun(options: DriveOptions): Promise<void> {
  const { progress, platform, signal } = options
  let rung = options.rung
  let failures = 0
  let renewed = false
  for (;;) {
    const before = progress.seq
    const error = await tryOnce(rung, options, renewed)
    if (progress.end) return
    if (signal.aborted) throw abortReason(signal)
    if (options.stopSignal.aborted && !progress.acknowledged) throw abortReason(options.stopSignal)
    if (progress.seq > before) failures = 0
    const verdict = judge(error, options, renewed)
    if (verdict === 'give-up') throw error
    renewed = verdict === 'renew'
    if (renewed) continue
    const lower = stepsDown(error, progress.seq > before) && options.transport.server ? rungBelow(rung) : null
    rung = lower ?? rung
    options.onTrouble(error)
    if (platform.isOnline() && !lower) failures += 1
    if (failures > maxTries(options)) throw error
    await waitForTry(platform, waitBefore(failures, error, options), [signal, options.stopSignal])
  }
}

type Verdict = 'again' | 'renew' | 'give-up'

function judge(error: ChatError, { progress, transport }: DriveOptions, renewed: boolean): Verdict {
  // Without a server that knows runs, only a complete refusal proves that a second try is not a second answer.
  if (!transport.server) {
    return !progress.acknowledged && error.status !== undefined && error.retryable ? 'again' : 'give-up'
  }
  if (error.code === 'auth' && error.status === 401 && !renewed) return 'renew'
  if (error.retryable || stepsDown(error, false)) return 'again'
  // Once the server has the run, a connection that turned to garbage is only a broken connection.
  return progress.acknowledged && error.code === 'protocol' && error.status === undefined
    ? 'again'
    : 'give-up'
}

/** Whether this way of reading is at fault, rather than the line: silence, or an answer that is no event stream. */
const stepsDown = (error: ChatError, gotEvents: boolean): boolean =>
  !gotEvents && (error.code === 'stalled' || (error.code === 'protocol' && error.status === 200))

const maxTries = ({ progress, policy }: DriveOptions): number =>
  progress.acknowledged ? policy().maxResumeTries : policy().maxSendTries

function waitBefore(
  failures: number,
  error: ChatError,
  { progress, platform, policy }: DriveOptions,
): number {
  if (progress.acknowledged && failures <= 1) return 0
  const backoff = progress.acknowledged ? policy().resumeBackoff : policy().sendBackoff
  const jittered = fullJitter(Math.max(failures - 1, 0), backoff, platform.random())
  return Math.max(error.retryAfter ?? 0, jittered)
}

/** One attempt under the liveness clock. Never rejects: the failure is the result; a clean end without a terminal event is one, too. */
async function tryOnce(rung: Rung, options: DriveOptions, renew: boolean): Promise<ChatError> {
  const { platform, progress } = options
  const connection = new AbortController()
  const abort = (reason: ChatError): void => connection.abort(reason)
  const onOuterAbort = (): void => abort(abortReason(options.signal))
  options.signal.addEventListener('abort', onOuterAbort)
  const liveness = watchLiveness(platform, limits(rung, options.policy()), () => abort(silent()))
  const stopListening = platform.onWake((reason) => onWake(reason, liveness, options.policy(), abort))
  try {
    if (options.signal.aborted) onOuterAbort()
    const token = await options.token(renew)
    if (!progress.acknowledged) await options.prepare(token, connection.signal)
    liveness.beat()
    await attempt(rung, {
      ...options,
      token,
      signal: connection.signal,
      onBytes: () => liveness.beat(),
      onEvent: () => {
        onEvent(rung, options)
        // What some middlebox keeps open behind the terminal event is of no interest.
        if (progress.end) abort(new ChatError('aborted', 'The answer is complete.'))
      },
    })
    if (progress.finished && !options.transport.server) progress.end ??= { status: 'completed', error: null }
    return new ChatError('upstream', 'The connection ended before the answer did.', { retryable: true })
  } catch (error) {
    return asChatError(error)
  } finally {
    liveness.stop()
    stopListening()
    options.signal.removeEventListener('abort', onOuterAbort)
    connection.abort(new ChatError('aborted', 'This try is over.'))
  }
}

function onEvent(rung: Rung, options: DriveOptions): void {
  if (rung !== options.rung) options.onRung(rung)
  options.onProgress()
}

/** A page or line that is back cannot be trusted to still have its connection; a new one is cheap, waiting is not. */
function onWake(
  reason: WakeReason,
  liveness: LivenessWatch,
  policy: RunPolicy,
  abort: (error: ChatError) => void,
): void {
  const stale = reason === 'visible' && liveness.silence() > policy.heartbeat * 1.5
  if (reason === 'online' || reason === 'restored' || stale) {
    abort(new ChatError('upstream', 'The connection was renewed.', { retryable: true }))
  }
}

/** A poll or a JSON answer is silent by nature; only a stream owes heartbeats. */
function limits(rung: Rung, { heartbeat }: RunPolicy): { first: number; next: number } {
  const next = heartbeat * DEAD_AFTER_HEARTBEATS
  return rung === 'stream' || rung === 'padded'
    ? { first: heartbeat, next }
    : { first: 300_000, next: 300_000 }
}

const silent = (): ChatError =>
  new ChatError('stalled', 'The server has been silent for too long.', { retryable: true })

const asChatError = (error: unknown): ChatError =>
  error instanceof ChatError
    ? error
    : new ChatError('protocol', 'Something unexpected happened while reading the answer.', { cause: error })
