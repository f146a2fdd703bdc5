import type { Message } from '../../domain/message.js'
import {
  RunLogGap,
  type ConversationRepository,
  type Owner,
  type RunLog,
  type RunRepository,
} from '../../domain/ports/index.js'
import { isTerminal, type Run, type RunRef } from '../../domain/run.js'
import { requireMessage, requireRun } from './find-owned.js'

/** A run with the text it has made so far, and the place in its log up to which that text reaches. */
export interface RunSnapshot {
  readonly run: Run
  readonly message: Message
  /** Reading on after this sequence number misses and doubles nothing. */
  readonly seq: number
}

export interface SnapshotDeps {
  readonly conversations: ConversationRepository
  readonly runs: RunRepository
  readonly log: RunLog
}

/**
 * The run as it stands. While it streams, the stored text is up to a second old, so the text comes from the log; after the
 * end, or when the log is gone, the stored message is the truth.
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
  }
}

async function storedSnapshot(deps: SnapshotDeps, owner: Owner, run: Run): Promise<RunSnapshot> {
  const message = await requireMessage(deps.conversations, owner, {
    id: run.messageId,
    conversationId: run.conversationId,
  })
  return { run, message, seq: run.lastSeq }
}

async function readLog(
  log: RunLog,
  ref: RunRef,
): Promise<{ text: string; seq: number; ended: boolean } | null> {
  const last = await log.lastSeq(ref)
  if (last === null) return null
  if (last === 0) return { text: '', seq: 0, ended: false }
  const done = new AbortController()
  let text = ''
  try {
    for await (const batch of log.follow(ref, 0, done.signal)) {
      for (const { seq, event } of batch) {
        if (event.type === 'ended') return { text, seq, ended: true }
        if (event.type === 'text-delta') text += event.text
        if (seq >= last) return { text, seq, ended: false }
      }
    }
  } catch (error) {
    if (!(error instanceof RunLogGap)) throw error
  } finally {
    done.abort()
  }
  return null
}
