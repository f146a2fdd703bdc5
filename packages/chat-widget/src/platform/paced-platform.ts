import { browserPlatform, type Platform } from '@colloquy/chat-core'

/** Nobody reads faster than 25 changes a second, and each costs the page a style, a layout and a paint. */
const PACE_MS = 40

/** The browser, with a frame at most 25 times a second. What comes after a pause is not held up. */
export function pacedPlatform(): Platform {
  const browser = browserPlatform()
  let last = -PACE_MS
  return {
    ...browser,
    frame(task) {
      const run = (): void => {
        last = performance.now()
        task()
      }
      const wait = last + PACE_MS - performance.now()
      return wait > 0 ? browser.after(wait, run) : browser.frame(run)
    },
  }
}
