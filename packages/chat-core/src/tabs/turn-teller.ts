import type { Turn } from '../chat-client/turn.js'
import type { Platform } from '../platform/platform.js'
import type { Tabs } from './tabs.js'

/** Tells other tabs how a run comes along; only the tab that drives the run does. */
export interface TurnTeller {
  onProgress(): void
  /** Tells what is left to tell, the end included; the text from `from` on, where somebody has missed what was told. */
  flush(from?: number): void
  stop(): void
}

/** @param pause between what is told and what is told next, in milliseconds */
export function createTeller(
  tabs: Tabs,
  platform: Platform,
  { runId, progress }: Turn,
  pause: () => number,
): TurnTeller {
  let told = 0
  let toldAt = 0
  let cancel: (() => void) | null = null

  function flush(from = told): void {
    cancel?.()
    cancel = null
    toldAt = platform.now()
    const { seq, text, end } = progress
    // A snapshot may have made the text shorter than what was told.
    const start = Math.min(from, text.length)
    tabs.tell({ type: 'progress', runId, seq, from: start, text: text.slice(start), end })
    told = text.length
  }

  /** Told from here where it can be: timers of a hidden page come late, and the tab that shows the answer may be another. */
  function onProgress(): void {
    if (platform.now() - toldAt >= pause()) flush()
    else cancel ??= platform.after(pause(), flush)
  }

  return {
    onProgress,
    flush,
    stop: () => cancel?.(),
  }
}
