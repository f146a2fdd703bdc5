import type { Platform, Release, WakeReason } from './platform.js'
import { randomId } from './random-id.js'

/** A frame where nothing is painted, as in Node. */
const FRAME_MS = 16
/** Longest wait for a notification in a page that is not painted. */
const HIDDEN_FRAME_MS = 50

/** The platform of a browser page or worker, and of Node, which simply lacks the events. */
export function browserPlatform(): Platform {
  return { now: () => Date.now(), after, frame, random: Math.random, newId: randomId, isOnline, onWake }
}

function after(ms: number, task: () => void): Release {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

function frame(task: () => void): Release {
  if (typeof document === 'undefined') return after(FRAME_MS, task)
  if (document.visibilityState !== 'visible') return after(HIDDEN_FRAME_MS, task)
  // A page that is hidden before it paints never gets its animation frame; the timer is for that case only.
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    cancelAnimationFrame(request)
    clearTimeout(timer)
    task()
  }
  const request = requestAnimationFrame(once)
  const timer = setTimeout(once, HIDDEN_FRAME_MS * 4)
  return () => {
    done = true
    cancelAnimationFrame(request)
    clearTimeout(timer)
  }
}

/** `navigator.onLine` is trusted only when it says `false`. */
const isOnline = (): boolean =>
  typeof navigator === 'undefined' || !('onLine' in navigator) || navigator.onLine

function onWake(listener: (reason: WakeReason) => void): Release {
  const releases: Release[] = []
  const listen = (target: EventTarget, type: string, reason: (event: Event) => WakeReason | null): void => {
    const handler = (event: Event): void => {
      const why = reason(event)
      if (why) listener(why)
    }
    target.addEventListener(type, handler)
    releases.push(() => target.removeEventListener(type, handler))
  }
  if (typeof globalThis.addEventListener === 'function') {
    listen(globalThis, 'online', () => 'online')
    listen(globalThis, 'offline', () => 'offline')
    listen(globalThis, 'pagehide', () => 'hidden')
    listen(globalThis, 'pageshow', (event) => ('persisted' in event && event.persisted ? 'restored' : null))
  }
  if (typeof document !== 'undefined') {
    listen(document, 'visibilitychange', () =>
      document.visibilityState === 'visible' ? 'visible' : 'hidden',
    )
  }
  return () => releases.forEach((release) => release())
}
