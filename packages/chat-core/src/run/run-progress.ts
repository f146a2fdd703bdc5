import type { RunError, StreamExtension, TerminalRunStatus } from '../protocol/index.js'

/**
 * How far one run has come, as seen by this client. Mutable on purpose: it takes a thousand deltas a second, and the
 * snapshot is made from it once per frame.
 */
export interface RunProgress {
  readonly runId: string
  /** Number of the newest event applied; 0 before the first. */
  seq: number
  /** The answer so far. */
  text: string
  /** True once the server showed that it has the run. From then on the question is never sent again. */
  acknowledged: boolean
  /** A send left this device, so the server may have the run although it did not say so. */
  maybeSent: boolean
  /** What the server told beside the words, the newest of each. */
  readonly told: { [F in 'title' | 'queue']?: StreamExtension[F] | undefined }
  /** How the run ended, told by its terminal event; `null` until then. */
  end: RunEndState | null
}

export interface RunEndState {
  readonly status: TerminalRunStatus
  readonly error: RunError | null
}

export const newProgress = (runId: string): RunProgress => ({
  runId,
  seq: 0,
  text: '',
  acknowledged: false,
  maybeSent: false,
  told: {},
  end: null,
})
