import type { RunDetail } from '../protocol/index.js'
import type { ChatTransport, RunSink, SendCall, ServerTransport } from '../transport/chat-transport.js'
import { asChatError } from '../errors/chat-error.js'
import { applyDetail } from './apply-detail.js'
import { applyEvent } from './apply-event.js'
import type { Rung } from './ladder.js'
import type { RunProgress } from './run-progress.js'

/** Seconds that one long poll may take on the server. */
export const POLL_SECONDS = 25

export interface AttemptContext {
  readonly transport: ChatTransport
  /** `null` when this client only reads a run that somebody else sent. */
  readonly send: Omit<SendCall, 'padded'> | null
  readonly progress: RunProgress
  readonly token: string
  readonly signal: AbortSignal
  readonly onBytes: () => void
  readonly onEvent: () => void
}

/**
 * One try to get on with a run, over one rung. Resolves when the connection ended, which says nothing about the run:
 * only `progress.end` does.
 * @throws ChatError
 */
export async function attempt(rung: Rung, context: AttemptContext): Promise<void> {
  const { server } = context.transport
  if (!server || rung === 'stream' || rung === 'padded') return stream(rung, context)
  await ask(server, rung, context)
  context.onBytes()
  context.onEvent()
}

async function stream(rung: Rung, context: AttemptContext): Promise<void> {
  const { transport, send, progress } = context
  const padded = rung === 'padded'
  const sink: RunSink = {
    onBytes: context.onBytes,
    onEvent(seq, data) {
      applyEvent(progress, seq, data)
      context.onEvent()
    },
  }
  const { server } = transport
  const { runId, seq } = progress
  if (send && !(server && progress.acknowledged)) await transport.send(context, { ...send, padded }, sink)
  else await server?.resume(context, { runId, after: seq, padded }, sink)
}

async function ask(server: ServerTransport, rung: Rung, context: AttemptContext): Promise<void> {
  const { progress, send } = context
  if (!send || rung === 'poll') {
    try {
      return await readRun(server, context, POLL_SECONDS)
    } catch (error) {
      // The question never arrived, so there is nothing to poll yet.
      if (asChatError(error).status !== 404 || progress.acknowledged || !send) throw error
    }
  }
  await server.request(context, 'POST', `/conversations/${send.conversationId}/messages`, send.body)
  progress.acknowledged = true
  // The answer of the send has the text; the run has the cursor and the end as well.
  await readRun(server, context, 0)
}

/** Asks for the run as it stands, or as it is in `wait` seconds if it has not ended before. */
export async function readRun(
  server: ServerTransport,
  { progress, ...call }: Pick<AttemptContext, 'progress' | 'token' | 'signal'>,
  wait: number,
): Promise<void> {
  applyDetail(progress, await server.request<RunDetail>(call, 'GET', `/runs/${progress.runId}?wait=${wait}`))
}
