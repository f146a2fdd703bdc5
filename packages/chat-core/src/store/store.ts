import type { Platform, Release } from '../platform/platform.js'

/**
 * Holds one immutable snapshot and tells listeners about changes, at most once per frame.
 *
 * There are two ways to change. `update` replaces the snapshot at once and is for what people do. `touch` only notes
 * that something mutable (the text that streams in) has moved on; the snapshot is rebuilt from it by `materialise` once,
 * right before listeners hear of it, so that a delta costs nothing here and the reference stays the same in between.
 */
export interface Store<S> {
  getSnapshot(): S
  subscribe(listener: () => void): Release
  update(change: (current: S) => S): void
  touch(): void
  /** Rebuilds and notifies now, if anything is pending. */
  flush(): void
  destroy(): void
}

export function createStore<S>(
  initial: S,
  materialise: (current: S) => S,
  frame: Platform['frame'],
): Store<S> {
  let snapshot = initial
  let touched = false
  let notified = initial
  let cancelFrame: Release | null = null
  const listeners = new Set<() => void>()

  function flush(): void {
    cancelFrame?.()
    cancelFrame = null
    if (touched) {
      touched = false
      snapshot = materialise(snapshot)
    }
    if (snapshot === notified) return
    notified = snapshot
    for (const listener of listeners) callSafely(listener)
  }

  const schedule = (): void => {
    cancelFrame ??= frame(flush)
  }

  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    update(change) {
      const next = change(snapshot)
      if (next === snapshot) return
      snapshot = next
      schedule()
    },
    touch() {
      touched = true
      schedule()
    },
    flush,
    destroy() {
      cancelFrame?.()
      cancelFrame = null
      listeners.clear()
    },
  }
}

/** One listener that throws must not keep the others from hearing; its error still reaches the page's own handlers. */
function callSafely(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
