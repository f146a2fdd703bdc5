import { ChatError } from '../errors/chat-error.js'
import { fullJitter } from '../retry/backoff.js'
import type { DriveOptions } from './drive-options.js'
import { nextStep } from './next-step.js'
import { tryOnce } from './try-once.js'
import { waitForTry } from './wait.js'

/**
 * Gets one run to its end: send, resume and step down the ladder, as often as hope lasts. Resolves when and only when
 * `progress.end` is set; the end of a connection alone never is an end of the run.
 * @throws ChatError the last failure when tries are used up or useless; `progress` keeps what came, and the run can be driven on
 */
export async function driveRun(options: DriveOptions): Promise<void> {
  const { progress, platform, policy, signal, stopSignal, transport } = options
  let { rung } = options
  let failures = 0
  let renewed = false
  let wasSilent = false
  let isForced = false
  for (;;) {
    const before = progress.seq
    const error = await tryOnce(rung, options, renewed)
    const { acknowledged } = progress
    if (progress.end) return
    signal.throwIfAborted()
    if (!acknowledged) stopSignal.throwIfAborted()
    const gotEvents = progress.seq > before
    const hasServer = transport.server !== null
    const step = nextStep(error, { rung, gotEvents, wasSilent, acknowledged, hasServer, renewed })
    // The server does not have the run that it had: there is no place to read on from, and a person may ask again.
    if (!step && acknowledged && error.status === 404)
      throw new ChatError('resync', error.message, { cause: error })
    if (!step) throw error
    renewed = step === 'renew'
    if (step === 'renew') continue
    wasSilent = error.code === 'stalled' && !gotEvents
    options.onTrouble(error)
    if (gotEvents) failures = 0
    // A step down the ladder is no failure of the line, a line that is off is none, and a try before its time proves little.
    if (step === rung && platform.isOnline() && !isForced) failures += 1
    rung = step
    const patience = policy()[acknowledged ? 'resume' : 'send']
    if (failures > patience.tries) throw error
    const isAtOnce = acknowledged && failures <= 1
    const wait = isAtOnce ? 0 : fullJitter(failures - 1, patience, platform.random())
    // A run that the server has is read to its end, also to the one that a stop brings.
    const until = acknowledged ? signal : AbortSignal.any([signal, stopSignal])
    isForced = await waitForTry(platform, wait, until, error.retryAfter)
  }
}
