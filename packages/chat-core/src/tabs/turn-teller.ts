import type { Turn } from '../chat-client/turn.js'
import type { Platform } from '../platform/platform.js'
import type { Tabs } from './tabs.js'

/** Tells other tabs how a run comes along, once per frame; only the tab that drives the run does. */
export interface TurnTeller {
  onProgress(): void
  /** Tells what is left to tell, the end included. */
  flush(): void
  stop(): void
}

export function createTeller(tabs: Tabs, platform: Platform, { runId, progress }: Turn): TurnTeller {
  let told = 0
  let cancel: (() => void) | null = null

  function flush(): void {
    cancel?.()
    cancel = null
    const { seq, text, end } = progress
    // A snapshot may have made the text shorter than what was told.
    const from = Math.min(told, text.length)
    tabs.tell({ type: 'progress', runId, seq, from, text: text.slice(from), end })
    told = text.length
  }

  const stopListening = tabs.listen((news) => {
    if (news.type !== 'missed' || news.runId !== runId) return
    told = 0
    flush()
  })

  return {
    onProgress() {
      cancel ??= platform.frame(flush)
    },
    flush,
    stop() {
      cancel?.()
      stopListening()
    },
  }
}
