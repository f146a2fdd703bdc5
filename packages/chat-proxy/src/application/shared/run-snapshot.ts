import type { Message } from '../../domain/message.js'
import {
  RunLogGap,
  RunLogUnavailable,
  type ConversationRepository,
  type Owner,
  type RunLog,
  type RunRepository,
} from '../../domain/ports/index.js'
import type { LoggedEvent } from '../../domain/run-event.js'
import { isTerminal, type Run, type RunRef } from '../../domain/run.js'
import { requireMessage, requireRun } from './find-owned.js'

/** A run with the text it has made so far, and the place in its log up to which that text reaches. */
export interface RunSnapshot {
  readonly run: Run
  readonly message: Message
  /** Reading on after this sequence number misses and doubles nothing. */
  readonly seq: number
  /** Place in the queue, 1 for the next; 0 when it does not wait, or nobody can tell. */
  readonly queuePosition: number
  /** What the model has thought so far, as long as the log has it; nothing else keeps it. */
  readonly reasoning: string
  /** Which parts of the answer events after `seq` may still append to. */
  readonly open: { readonly reasoning: boolean; readonly text: boolean }
}

export interface SnapshotDeps {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly log: RunLog
}

/**
 * The run as it stands. While it streams, the stored text is up to a second old, so the text comes from the log; after the
 * end, or when the log is gone or away, the stored message is the truth.
 * @throws DomainError `run-not-found`
 */
export async function readSnapshot(deps: SnapshotDeps, owner: Owner, runId: string): Promise<RunSnapshot> {
  const run = await requireRun(deps.runs, owner, runId)
  if (isTerminal(run.status)) return storedSnapshot(deps, owner, run)
  const live = await readLog(deps.log, { tenantId: run.tenantId, runId: run.id })
  // The end is durable before it is in the log: whoever sees it there finds it stored.
  if (live === null || live.ended)
    return storedSnapshot(deps, owner, await requireRun(deps.runs, owner, runId))
  const message = await requireMessage(deps.conversations, owner, {
    id: run.messageId,
    conversationId: run.conversationId,
  })
  const status = live.text === '' ? run.status : 'streaming'
  return {
    run: { ...run, status, lastSeq: live.seq },
    message: { ...message, status, content: live.text },
    seq: live.seq,
    queuePosition: live.position,
    reasoning: live.reasoning,
    open: live.open,
  }
}

async function storedSnapshot(deps: SnapshotDeps, owner: Owner, run: Run): Promise<RunSnapshot> {
  const message = await requireMessage(deps.conversations, owner, {
    id: run.messageId,
    conversationId: run.conversationId,
  })
  const open = { reasoning: false, text: !isTerminal(run.status) && message.content !== '' }
  return { run, message, seq: run.lastSeq, queuePosition: 0, reasoning: '', open }
}

/** What a log tells up to some event. */
interface LogState {
  text: string
  reasoning: string
  open: { reasoning: boolean; text: boolean }
  seq: number
  position: number
  ended: boolean
}

async function readLog(log: RunLog, ref: RunRef): Promise<LogState | null> {
  const state: LogState = {
    text: '',
    reasoning: '',
    open: { reasoning: false, text: false },
    seq: 0,
    position: 0,
    ended: false,
  }
  const done = new AbortController()
  try {
    const last = await log.lastSeq(ref)
    if (last === null) return null
    if (last === 0) return state
    for await (const batch of log.follow(ref, 0, done.signal)) {
      for (const logged of batch) {
        take(state, logged)
        if (state.ended || state.seq >= last) return state
      }
    }
  } catch (error) {
    if (!(error instanceof RunLogGap || error instanceof RunLogUnavailable)) throw error
  } finally {
    done.abort()
  }
  return null
}

function take(state: LogState, { seq, event }: LoggedEvent): void {
  state.seq = seq
  switch (event.type) {
    case 'text-delta':
      state.text += event.text
      break
    case 'reasoning-delta':
      state.reasoning += event.text
      break
    case 'text-start':
    case 'text-end':
      state.open.text = event.type === 'text-start'
      break
    case 'reasoning-start':
    case 'reasoning-end':
      state.open.reasoning = event.type === 'reasoning-start'
      break
    case 'queued':
      state.position = event.position
      break
    case 'ended':
      state.ended = true
      break
    case 'opened':
    case 'identified':
    case 'closed':
  }
}
