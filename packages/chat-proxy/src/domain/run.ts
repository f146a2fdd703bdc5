import type { RunError, RunStatus, TerminalRunStatus, Usage } from '@colloquy/chat-core/protocol'
import type { OpenAttempt, RunAttempt } from './run-attempt.js'

/** Names a run without loading it. */
export interface RunRef {
  readonly tenantId: string
  readonly runId: string
}

/** One generation of one assistant message. Belongs to the server, not to a connection. */
export interface Run {
  readonly tenantId: string
  /** Made by the client, unique within the tenant for ever: the same id never calls the model twice. */
  readonly id: string
  readonly conversationId: string
  readonly ownerId: string
  readonly userMessageId: string
  readonly messageId: string
  /** Digest of what was asked; the same id with another digest is a conflict. */
  readonly requestDigest: string
  readonly status: RunStatus
  readonly model: string | null
  readonly usage: Usage | null
  readonly error: RunError | null
  /** Every call of a provider that is known to be made, in order; all of them once the run has ended. */
  readonly attempts: readonly (RunAttempt | OpenAttempt)[]
  /** Sequence number of the newest event known to be durable. */
  readonly lastSeq: number
  readonly createdAt: number
  readonly endedAt: number | null
}

/** How a run ended: the one thing that is written exactly once. */
export interface RunEnd {
  readonly status: TerminalRunStatus
  readonly content: string
  readonly model: string | null
  readonly usage: Usage | null
  readonly error: RunError | null
  readonly attempts: readonly RunAttempt[]
  readonly lastSeq: number
  readonly endedAt: number
}

const OPEN: ReadonlySet<RunStatus> = new Set(['queued', 'streaming'])

/** An ended run never moves again. */
export const isTerminal = (status: RunStatus): status is TerminalRunStatus => !OPEN.has(status)
