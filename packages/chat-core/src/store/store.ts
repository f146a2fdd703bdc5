import type { Platform, Release } from '../platform/platform.js'

/**
 * Holds one immutable snapshot and tells listeners about changes, at most once per frame.
 *
 * The truth behind it is mutable and takes a thousand changes a second. `touch` only notes that it has moved on; the
 * snapshot is rebuilt by `materialise` once, right before listeners hear of it. So a delta costs nothing here, and the
 * reference stays the same in between.
 */
export interface Store<S> {
  readonly getSnapshot: () => S
  readonly subscribe: (listener: () => void) => Release
  /** Something changed; the snapshot follows with the next frame. */
  touch(): void
  /** Something changed that is shown now. */
  show(): void
  destroy(): void
}

/** @param materialise makes a snapshot; `current` is the one before, if any */
export function createStore<S>(materialise: (current: S | null) => S, frame: Platform['frame']): Store<S> {
  let snapshot = materialise(null)
  let cancelFrame: Release | null = null
  const listeners = new Set<() => void>()

  function show(): void {
    cancelFrame?.()
    cancelFrame = null
    const next = materialise(snapshot)
    if (next === snapshot) return
    snapshot = next
    for (const listener of listeners) {
      try {
        listener()
      } catch (error) {
        // It must not keep the others from hearing, and still reaches the page's own handlers.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    touch() {
      cancelFrame ??= frame(show)
    },
    show,
    destroy() {
      cancelFrame?.()
      listeners.clear()
    },
  }
}
