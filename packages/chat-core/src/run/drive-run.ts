import { ChatError } from '../errors/chat-error.js'
import type { Platform, WakeReason } from '../platform/platform.js'
import { fullJitter } from '../retry/backoff.js'
import { attempt, POLL_SECONDS, type AttemptContext } from './attempt.js'
import type { Rung } from './ladder.js'
import { watchLiveness, type LivenessWatch, type SilenceLimits } from './liveness.js'
import { nextStep, type Situation } from './next-step.js'
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
  /** Signs of life, but no event for `policy.stillWorkingAfter`; and when one came again. */
  onSlow(isSlow: boolean): void
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
  const { progress, platform, signal, stopSignal } = options
  let { rung } = options
  let failures = 0
  let renewed = false
  let wasSilent = false
  for (;;) {
    const before = progress.seq
    const error = await tryOnce(rung, options, renewed)
    if (progress.end) return
    if (signal.aborted) throw abortReason(signal)
    if (stopSignal.aborted && !progress.acknowledged) throw abortReason(stopSignal)
    const gotEvents = progress.seq > before
    const step = nextStep(error, { ...situation(options), rung, gotEvents, wasSilent, renewed })
    if (step.kind === 'give-up') throw error
    renewed = step.kind === 'renew'
    if (step.kind === 'renew') continue
    wasSilent = error.code === 'stalled' && !gotEvents
    rung = step.rung
    options.onTrouble(error)
    if (gotEvents) failures = 0
    if (step.counts && platform.isOnline()) failures += 1
    if (failures > maxTries(options)) throw error
    await waitForTry(platform, waitBefore(failures, error, options), [signal, stopSignal])
  }
}

const situation = ({ progress, transport }: DriveOptions): Pick<Situation, 'acknowledged' | 'hasServer'> => ({
  acknowledged: progress.acknowledged,
  hasServer: transport.server !== null,
})

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
  const liveness = watchLiveness(
    platform,
    () => limits(rung, options.policy()),
    () => abort(silent()),
  )
  const slowness = watchSlowness(options)
  const stopListening = platform.onWake((reason) => onWake(reason, liveness, options.policy(), abort))
  try {
    if (options.signal.aborted) onOuterAbort()
    const token = await options.token(renew)
    if (!progress.acknowledged) await options.prepare(token, connection.signal)
    liveness.restart()
    await attempt(rung, {
      ...options,
      token,
      signal: connection.signal,
      onBytes: () => liveness.beat(),
      onEvent: () => {
        slowness.beat()
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
    slowness.stop()
    stopListening()
    options.signal.removeEventListener('abort', onOuterAbort)
    connection.abort(new ChatError('aborted', 'This try is over.'))
  }
}

/** The second clock: bytes that carry no event mean that the model, and not the line, is slow. */
function watchSlowness({ platform, policy, ...options }: DriveOptions): Pick<LivenessWatch, 'beat' | 'stop'> {
  const limits = (): SilenceLimits => ({
    first: policy().stillWorkingAfter,
    next: policy().stillWorkingAfter,
  })
  let isSlow = false
  const report = (value: boolean): void => {
    if (isSlow === value) return
    isSlow = value
    options.onSlow(value)
  }
  const watch = watchLiveness(platform, limits, () => report(true))
  return {
    beat() {
      if (isSlow) watch.restart()
      else watch.beat()
      report(false)
    },
    stop() {
      watch.stop()
      report(false)
    },
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

/** Longest that an answer as one JSON document may take, in milliseconds. */
const RESULT_LIMIT = 300_000

/** Only a stream owes heartbeats; a poll and a JSON answer are silent by nature. */
function limits(rung: Rung, { heartbeat }: RunPolicy): SilenceLimits {
  const dead = heartbeat * DEAD_AFTER_HEARTBEATS
  switch (rung) {
    case 'stream':
    case 'padded':
      return { first: heartbeat, next: dead }
    case 'poll':
      return { first: POLL_SECONDS * 1000 + dead, next: POLL_SECONDS * 1000 + dead }
    case 'result':
      return { first: RESULT_LIMIT, next: RESULT_LIMIT }
  }
}

const silent = (): ChatError =>
  new ChatError('stalled', 'The server has been silent for too long.', { retryable: true })

const asChatError = (error: unknown): ChatError =>
  error instanceof ChatError
    ? error
    : new ChatError('protocol', 'Something unexpected happened while reading the answer.', { cause: error })
