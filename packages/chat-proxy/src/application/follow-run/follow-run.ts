import { parseCursor } from '@colloquy/chat-core/protocol'
import type { Caller } from '../../domain/caller.js'
import { RunLogGap, RunLogUnavailable, type Clock, type Meter, type Owner } from '../../domain/ports/index.js'
import { pourBatches } from '../../domain/pour-batches.js'
import type { LoggedEvent } from '../../domain/run-event.js'
import { isTerminal, type Run, type RunRef } from '../../domain/run.js'
import type { Audience } from '../shared/audience.js'
import { requireRun } from '../shared/find-owned.js'
import { ownerOf } from '../shared/owner.js'
import { pause } from '../shared/pause.js'
import { readSnapshot, type RunSnapshot, type SnapshotDeps } from '../shared/run-snapshot.js'

/** What a reader of a run gets next. */
export type FollowStep =
  /** The next events of the log. */
  | { readonly type: 'events'; readonly events: readonly LoggedEvent[] }
  /** The place asked for is gone: the whole text so far. Of a run that has ended it is the last step. */
  | { readonly type: 'resync'; readonly snapshot: RunSnapshot }

export interface FollowedRun {
  /** As it stood when the reading began. */
  readonly run: Run
  /** Sequence number from which the reading goes on. */
  readonly after: number
  /**
   * Gives each step to `take`, until there is nothing more to come or the signal aborts. While a promise that `take` answers
   * is open, nothing is read: a slow reader holds no memory. To be called once.
   */
  readonly pour: (take: TakeStep) => Promise<void>
}

export type TakeStep = (step: FollowStep) => void | Promise<void>

export interface FollowRunInput {
  readonly runId: string
  /** `<run_id>.<seq>` as the client sent it; `null`: from the beginning. */
  readonly cursor: string | null
  readonly signal: AbortSignal
}

/** A run is in the store a moment before it is in the log: so many steps of so many milliseconds a reader waits for it. */
const OPENING_STEPS = 40
const OPENING_STEP_MS = 50
/** Looking into the store costs more than into the log. */
const STEPS_PER_LOOK = 4
/** How often a reader is told how far the stored text has come while the log is away. */
const AWAY_MS = 1_000

/** How reading a log came to its end. */
interface Reading {
  /** Sequence number of the newest event the reader has. */
  seen: number
  /** Nothing came: the log cannot continue from there, or the reader has it all. */
  isEmpty: boolean
  /** It would have gone on, had the log not gone away. */
  isCut: boolean
}

interface Following {
  readonly owner: Owner
  readonly run: Run
  /** Where to begin; `null`: only a snapshot can tell. */
  readonly after: number | null
  readonly signal: AbortSignal
  readonly take: TakeStep
}

/** Whether a log that failed would have gone on. @throws what is no failure of the log */
function isCutBy(error: unknown): boolean {
  if (error instanceof RunLogUnavailable) return true
  if (error instanceof RunLogGap) return false
  throw error
}

export interface FollowRunDeps extends SnapshotDeps {
  readonly audience: Audience
  readonly clock: Clock
  readonly meter: Meter
}

/** Replays a run from a cursor and goes on live. Any cursor is answered: what the log cannot continue gets a snapshot. */
export class FollowRun {
  readonly #deps: FollowRunDeps

  constructor(deps: FollowRunDeps) {
    this.#deps = deps
  }

  /** @throws DomainError `run-not-found`, before anything is read */
  async execute(caller: Caller, { runId, ...reading }: FollowRunInput): Promise<FollowedRun> {
    return this.of(caller, await requireRun(this.#deps.runs, ownerOf(caller), runId), reading)
  }

  /** The same for who has just asked. */
  of(caller: Caller, run: Run, { cursor, signal }: Omit<FollowRunInput, 'runId'>): FollowedRun {
    const owner = ownerOf(caller)
    const after = placeIn(run, cursor)
    if (cursor !== null) this.#deps.meter.add('streams', { outcome: 'resumed' })
    return { run, after: after ?? 0, pour: (take) => this.#pour({ owner, run, after, signal, take }) }
  }

  async #pour({ owner, run, after, signal, take }: Following): Promise<void> {
    const ref: RunRef = { tenantId: run.tenantId, runId: run.id }
    const leave = isTerminal(run.status) ? () => {} : this.#deps.audience.attend(ref)
    try {
      await this.#untilOpen(owner, run, signal)
      const reading: Reading = { seen: after ?? -1, isEmpty: true, isCut: false }
      let place = after
      for (let isFirst = true; !signal.aborted; isFirst = false) {
        if (place !== null) {
          Object.assign(reading, { seen: place, isEmpty: true, isCut: false })
          try {
            await pourBatches(this.#deps.log.follow(ref, place, signal), (events) => {
              reading.seen = events.at(-1)?.seq ?? reading.seen
              reading.isEmpty = false
              return take({ type: 'events', events })
            })
          } catch (error) {
            reading.isCut = isCutBy(error)
          }
          if (!reading.isCut && (!isFirst || !reading.isEmpty)) return
        }
        if (signal.aborted) return
        const next = await this.#resync(owner, run, reading)
        if (next.step) {
          this.#deps.meter.add('streams', { outcome: 'resynced' })
          await take(next.step)
        }
        if (next.isOver) return
        if (reading.isCut) await pause(this.#deps.clock, AWAY_MS, signal)
        place = next.place
      }
    } finally {
      leave()
    }
  }

  /** Where the log cannot continue: what the store has, and from where to read on. */
  async #resync(
    owner: Owner,
    run: Run,
    { seen, isCut }: Reading,
  ): Promise<{ step: FollowStep | null; isOver: boolean; place: number }> {
    const snapshot = await readSnapshot(this.#deps, owner, run.id)
    const isOver = isTerminal(snapshot.run.status)
    // While the log is away, the stored text may be behind what the reader has already.
    const isNews = !isCut || snapshot.seq > seen
    return {
      step: isNews || isOver ? { type: 'resync', snapshot } : null,
      isOver,
      place: isNews ? snapshot.seq : seen,
    }
  }

  /** A run whose process died has no log where logs are kept in memory: it is waited for its end as well. */
  async #untilOpen(owner: Owner, run: Run, signal: AbortSignal): Promise<void> {
    const ref = { tenantId: run.tenantId, runId: run.id }
    let { status } = run
    for (let step = 1; step <= OPENING_STEPS && !isTerminal(status) && !signal.aborted; step += 1) {
      if (await this.#isOpen(ref)) return
      await pause(this.#deps.clock, OPENING_STEP_MS, signal)
      if (step % STEPS_PER_LOOK === 0) status = (await requireRun(this.#deps.runs, owner, run.id)).status
    }
  }

  /** A log that is away may be open; what reads it deals with that. */
  async #isOpen(ref: RunRef): Promise<boolean> {
    try {
      return (await this.#deps.log.lastSeq(ref)) !== null
    } catch (error) {
      if (error instanceof RunLogUnavailable) return true
      throw error
    }
  }
}

/** `null` for a cursor that is none, or of another run: only a snapshot can answer it. */
function placeIn(run: Run, cursor: string | null): number | null {
  if (cursor === null) return 0
  const place = parseCursor(cursor)
  return place?.runId === run.id ? place.seq : null
}
