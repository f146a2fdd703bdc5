import { DONE, type FinishReason, type RunError } from '@colloquy/chat-core/protocol'
import type { RunSnapshot } from '../../../application/shared/run-snapshot.js'
import type { RunEvent } from '../../../domain/run-event.js'
import { isTerminal, type Run } from '../../../domain/run.js'
import type { StreamFormat } from './stream-format.js'

/** A chunk of the AI SDK's UI message stream, as far as we send them. */
export type UiChunk =
  | { readonly type: 'start'; readonly messageId: string; readonly messageMetadata: UiMetadata }
  | { readonly type: 'message-metadata'; readonly messageMetadata: UiMetadata }
  | { readonly type: `${UiPart}-start` | `${UiPart}-end`; readonly id: UiPart }
  | { readonly type: `${UiPart}-delta`; readonly id: UiPart; readonly delta: string }
  | { readonly type: 'finish'; readonly finishReason?: string; readonly messageMetadata: UiMetadata }
  | { readonly type: 'reset-step' }
  | { readonly type: 'abort'; readonly reason: string }
  | { readonly type: 'error'; readonly errorText: string }

/** Also the id of the part: only one of each kind is open at a time. */
type UiPart = 'text' | 'reasoning'

type UiMetadata = Readonly<Record<string, unknown>>

/** `format=ui`: the AI SDK's UI message stream, version 1, which `useChat` reads. */
export const uiFormat: StreamFormat = {
  headers: { 'x-vercel-ai-ui-message-stream': 'v1' },
  eventsOf: (run) => (event) => (event.type === 'closed' ? DONE : JSON.stringify(chunkOf(run, event))),
  resync: (snapshot, hasBegun) => {
    const data = replayOf(snapshot, hasBegun).map((chunk) => JSON.stringify(chunk))
    return isTerminal(snapshot.run.status) ? [...data, DONE] : data
  },
}

function chunkOf(run: Run, event: Exclude<RunEvent, { type: 'closed' }>): UiChunk {
  switch (event.type) {
    case 'opened':
      return startOf(run)
    case 'identified':
      return { type: 'message-metadata', messageMetadata: { title: event.title } }
    case 'queued':
      return { type: 'message-metadata', messageMetadata: { queue_position: event.position } }
    case 'reasoning-start':
    case 'reasoning-end':
      return { type: event.type, id: 'reasoning' }
    case 'reasoning-delta':
      return { type: 'reasoning-delta', id: 'reasoning', delta: event.text }
    case 'text-start':
    case 'text-end':
      return { type: event.type, id: 'text' }
    case 'text-delta':
      return { type: 'text-delta', id: 'text', delta: event.text }
    case 'ended':
      return endOf(event)
  }
}

const startOf = (run: Run): UiChunk => ({
  type: 'start',
  messageId: run.messageId,
  messageMetadata: {
    run_id: run.id,
    conversation_id: run.conversationId,
    user_message_id: run.userMessageId,
  },
})

/** Everything from the beginning. What came before in the same stream is taken back; older clients do not know how, so only then. */
function replayOf(
  { run, message, queuePosition, reasoning, open }: RunSnapshot,
  hasBegun: boolean,
): readonly UiChunk[] {
  const { status, usage, error } = run
  return [
    startOf(run),
    ...(hasBegun ? [{ type: 'reset-step' } as const] : []),
    ...(queuePosition > 0
      ? [{ type: 'message-metadata', messageMetadata: { queue_position: queuePosition } } as const]
      : []),
    ...partOf('reasoning', reasoning, open.reasoning),
    ...partOf('text', message.content, open.text),
    ...(isTerminal(status) ? [endOf({ status, usage, error })] : []),
  ]
}

/** An open part begins also when it is still empty: the next event may be a delta. */
function partOf(part: UiPart, text: string, isOpen: boolean): readonly UiChunk[] {
  if (text === '' && !isOpen) return []
  return [
    { type: `${part}-start`, id: part },
    ...(text === '' ? [] : [{ type: `${part}-delta`, id: part, delta: text } as const]),
    ...(isOpen ? [] : [{ type: `${part}-end`, id: part } as const]),
  ]
}

function endOf(end: Omit<Extract<RunEvent, { type: 'ended' }>, 'type'>): UiChunk {
  switch (end.status) {
    case 'completed':
      return {
        type: 'finish',
        ...(end.finishReason && { finishReason: FINISH_REASONS[end.finishReason] }),
        messageMetadata: { status: end.status, usage: end.usage },
      }
    case 'stopped':
      return { type: 'abort', reason: 'stopped' }
    case 'interrupted':
    case 'failed':
    case 'blocked':
      return { type: 'error', errorText: errorText(end.error) }
  }
}

const errorText = (error: RunError | null): string => error?.message ?? 'The answer could not be completed.'

const FINISH_REASONS: Record<FinishReason, string> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
}
