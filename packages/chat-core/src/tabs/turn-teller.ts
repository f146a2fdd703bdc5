import type { Turn } from '../chat-client/turn.js'
import type { Platform } from '../platform/platform.js'
import type { Tabs } from './tabs.js'

/** Often enough that nobody sees the difference: a message to another tab costs the page a quarter of a millisecond. */
const TELL_MS = 50

/** Tells other tabs how a run comes along, twenty times a second; only the tab that drives the run does. */
export interface TurnTeller {
  onProgress(): void
  /** Tells what is left to tell, the end included. */
  flush(): void
  stop(): void
}

export function createTeller(tabs: Tabs, platform: Platform, { runId, progress }: Turn): TurnTeller {
  let told = 0
  let toldAt = 0
  let cancel: (() => void) | null = null

  function flush(): void {
    cancel?.()
    cancel = null
    toldAt = platform.now()
    const { seq, text, end } = progress
    // A snapshot may have made the text shorter than what was told.
    const from = Math.min(told, text.length)
    tabs.tell({ type: 'progress', runId, seq, from, text: text.slice(from), end })
    told = text.length
  }

  /** Told from here where it can be: timers of a hidden page come late, and the tab that shows the answer may be another. */
  function onProgress(): void {
    if (platform.now() - toldAt >= TELL_MS) flush()
    else cancel ??= platform.after(TELL_MS, flush)
  }

  const stopListening = tabs.listen((news) => {
    if (news.type !== 'missed' || news.runId !== runId) return
    told = 0
    flush()
  })

  return {
    onProgress,
    flush,
    stop() {
      cancel?.()
      stopListening()
    },
  }
}
