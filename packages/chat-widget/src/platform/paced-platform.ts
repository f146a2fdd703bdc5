import { browserPlatform, type Platform } from '@colloquy/chat-core'

/**
 * Nobody reads faster than 20 changes a second, and each costs the page a style, a layout and a paint. Three frames of most screens: text
 * comes at an even pace.
 */
const PACE_MS = 48

/** The browser, with a frame at most 20 times a second. What comes after a pause is not held up. */
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
