import type { UIMessageChunk } from 'ai'
import type { ClientCore } from '../chat-client/client-core.js'
import { asChatError, ChatError, isChatError } from '../errors/chat-error.js'
import { fullJitter } from '../retry/backoff.js'
import { nextStep } from '../run/next-step.js'
import { startClocks, type Clocks } from '../run/try-once.js'
import { waitForTry } from '../run/wait.js'
import type { SseEvent } from '../sse/sse-feed.js'
import { requestEvents, type Fetch } from '../transport/http.js'
import { cursorAfterBreak, takeEvent, type UiProgress } from './ui-progress.js'

/** One answer that is being read for a `useChat`. */
export interface Reading {
  /** How to get at the answer while its run is not known: asking, or looking for the newest one. May be repeated. */
  readonly first: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: object }
  readonly progress: UiProgress
  /** Aborts when the reader goes. */
  readonly signal: AbortSignal
  readonly onChunk: (chunk: UIMessageChunk) => void
  readonly fetch: Fetch | undefined
}

/**
 * Reads an answer to its end over as many lines as it takes. Resolves when and only when `progress.ended`.
 * @throws ChatError the last failure when tries are used up or useless
 */
export async function readAnswer(core: ClientCore, reading: Reading): Promise<void> {
  const { platform, policy } = core
  const { progress } = reading
  // The session of an earlier page, whose answer it may be.
  await core.state.restoring
  const signal = AbortSignal.any([core.signal, reading.signal])
  let failures = 0
  let renewed = false
  let isForced = false
  for (;;) {
    let gotEvents = false
    const error = await tryOnce(core, { ...reading, signal }, renewed, () => (gotEvents = true))
    if (progress.ended) return
    signal.throwIfAborted()
    const acknowledged = progress.runId !== null
    const situation = { rung: 'stream', wasSilent: false, hasServer: true } as const
    const step = nextStep(error, { ...situation, gotEvents, acknowledged, renewed })
    if (!step || isNothing(error)) throw error
    renewed = step === 'renew'
    if (renewed) continue
    if (gotEvents) failures = 0
    if (platform.isOnline() && !isForced) failures += 1
    const patience = policy()[acknowledged ? 'resume' : 'send']
    if (failures > patience.tries) throw error
    const jittered = fullJitter(Math.max(failures - 1, 0), patience, platform.random())
    const wait = acknowledged && failures <= 1 ? 0 : jittered
    isForced = await waitForTry(platform, wait, signal, error.retryAfter)
  }
}

/** The server was asked for the newest answer, and there is none that can be read. */
export const isNothing = (error: unknown): boolean => isChatError(error) && error.status === 204

/** One line. Never rejects: why it ended is the result. */
async function tryOnce(
  core: ClientCore,
  reading: Reading,
  renew: boolean,
  onEvent: () => void,
): Promise<ChatError> {
  const { platform, policy, session, transport } = core
  const { progress, fetch, onChunk } = reading
  const connection = new AbortController()
  let clocks: Clocks | undefined
  const signal = AbortSignal.any([reading.signal, connection.signal])
  try {
    const token = await session.token(renew)
    clocks = startClocks('stream', { platform, policy, onSlow() {} }, connection)
    const { path, ...request } = requestOf(reading)
    const url = `${transport.origin.replace(/\/+$/, '')}/api/v1${path}`
    const sink = { onBytes: clocks.onBytes, onEvent: take }
    await requestEvents({ fetch, platform }, { ...request, url, token, signal }, sink)
    return new ChatError('upstream', 'The connection ended early.')
  } catch (thrown) {
    return asChatError(thrown)
  } finally {
    clocks?.stop()
    connection.abort()
  }

  function take({ type, lastEventId, data }: SseEvent): void {
    if (type !== 'message' || progress.ended) return
    for (const chunk of takeEvent(progress, lastEventId, data)) onChunk(chunk)
    clocks?.onEvent()
    onEvent()
    // As in `run/try-once`: the server ends the stream itself, and what some middlebox keeps open for longer is of no interest.
    if (progress.ended) core.platform.after(1_000, () => connection.abort())
  }
}

function requestOf({ first, progress }: Reading): Reading['first'] {
  if (progress.runId === null) return first
  const after = cursorAfterBreak(progress, progress.runId)
  return { method: 'GET', path: `/runs/${progress.runId}/events?after=${after}&format=ui` }
}
