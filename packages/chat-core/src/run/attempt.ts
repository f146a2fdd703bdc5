import type { ChatTransport, RunSink, SendCall, ServerTransport } from '../transport/chat-transport.js'
import { ChatError } from '../errors/chat-error.js'
import { applyDetail } from './apply-detail.js'
import { applyEvent } from './apply-event.js'
import type { Rung } from './ladder.js'
import type { RunProgress } from './run-progress.js'

/** Seconds that one long poll may take on the server. */
export const POLL_SECONDS = 25

export interface AttemptContext {
  readonly transport: ChatTransport
  /** `null` when this client only reads a run that somebody else sent. */
  readonly send: Omit<SendCall, 'mode'> | null
  readonly progress: RunProgress
  readonly token: string
  readonly signal: AbortSignal
  onBytes(): void
  onEvent(): void
}

/**
 * One try to get on with a run, over one rung. Resolves when the connection ended, which says nothing about the run:
 * only `progress.end` does.
 * @throws ChatError
 */
export async function attempt(rung: Rung, context: AttemptContext): Promise<void> {
  const { transport } = context
  if (rung === 'stream' || rung === 'padded' || !transport.server) return stream(rung === 'padded', context)
  if (rung === 'poll') return poll(transport.server, context)
  return result(transport.server, context)
}

async function stream(padded: boolean, context: AttemptContext): Promise<void> {
  const { transport, send, progress, token, signal } = context
  const mode = padded ? 'padded' : 'stream'
  const sink: RunSink = {
    onBytes: () => context.onBytes(),
    onEvent: (seq, data) => {
      applyEvent(progress, seq, data)
      context.onEvent()
    },
  }
  if (transport.server && (progress.acknowledged || !send)) {
    return transport.server.resume(
      { token, signal },
      { runId: progress.runId, after: progress.seq, mode },
      sink,
    )
  }
  if (!send) throw new ChatError('protocol', 'This endpoint cannot resume an answer.')
  return leaving(progress, () => transport.send({ token, signal }, { ...send, mode }, sink))
}

/** Notes that a send may have arrived, unless it is certain that it never left. */
async function leaving<T>(progress: RunProgress, send: () => Promise<T>): Promise<T> {
  const before = progress.maybeSent
  progress.maybeSent = true
  try {
    return await send()
  } catch (error) {
    if (error instanceof ChatError && error.code === 'offline' && !progress.acknowledged)
      progress.maybeSent = before
    throw error
  }
}

async function poll(server: ServerTransport, context: AttemptContext): Promise<void> {
  const { progress, token, signal } = context
  try {
    applyDetail(progress, await server.getRun({ token, signal }, progress.runId, POLL_SECONDS))
  } catch (error) {
    // The question never arrived, so there is nothing to poll yet.
    if (error instanceof ChatError && error.status === 404 && !progress.acknowledged && context.send) {
      return result(server, context)
    }
    throw error
  }
  context.onBytes()
  context.onEvent()
}

async function result(server: ServerTransport, context: AttemptContext): Promise<void> {
  const { progress, send, token, signal } = context
  if (!send) return poll(server, { ...context, send: null })
  await leaving(progress, () => server.sendForResult({ token, signal }, { ...send, mode: 'stream' }))
  progress.acknowledged = true
  // The answer of the send has the text; the run has the cursor and the end as well.
  applyDetail(progress, await server.getRun({ token, signal }, progress.runId, 0))
  context.onBytes()
  context.onEvent()
}
