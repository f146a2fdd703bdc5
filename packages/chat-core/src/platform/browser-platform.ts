import type { Platform, Release, WakeReason } from './platform.js'
import { randomId } from './random-id.js'

/** A frame where nothing is painted, as in Node and in a hidden page. */
const FRAME_MS = 16
/** Longest wait for a paint that may never come. */
const LONGEST_FRAME_MS = 200

/** The platform of a browser page or worker, and of Node, which simply lacks the events. */
export function browserPlatform(): Platform {
  return { now: () => Date.now(), after, frame, random: Math.random, newId: randomId, isOnline, onWake }
}

function after(ms: number, task: () => void): Release {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

function frame(task: () => void): Release {
  if (globalThis.document?.visibilityState !== 'visible') return after(FRAME_MS, task)
  // A page that is hidden before it paints never gets its animation frame; the timer is for that case only.
  const once = (): void => {
    release()
    task()
  }
  const request = requestAnimationFrame(once)
  const cancelTimer = after(LONGEST_FRAME_MS, once)
  const release = (): void => {
    cancelAnimationFrame(request)
    cancelTimer()
  }
  return release
}

/** `navigator.onLine` is trusted only when it says `false`; Node has none. */
const isOnline = (): boolean => globalThis.navigator?.onLine ?? true

/** All of them arrive at the global object. */
const EVENTS = ['online', 'offline', 'pageshow', 'visibilitychange'] as const

/** What an event of the page means; nothing, when the page goes, or has only been loaded. */
function reasonOf(event: Event): WakeReason | null {
  // Of this event alone, which has it.
  if (event.type === 'pageshow') return (event as PageTransitionEvent).persisted ? 'restored' : null
  if (event.type === 'visibilitychange') return document.visibilityState === 'visible' ? 'visible' : null
  return event.type as 'online' | 'offline' // the other two of the events that are listened to
}

function onWake(listener: (reason: WakeReason) => void): Release {
  const listening = new AbortController()
  const handler = (event: Event): void => {
    const reason = reasonOf(event)
    if (reason) listener(reason)
  }
  // Node has no events of a page.
  for (const type of EVENTS) globalThis.addEventListener?.(type, handler, listening)
  return () => listening.abort()
}
