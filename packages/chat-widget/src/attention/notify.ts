import { beep } from './beep.js'

const BLINK_MS = 1_000

/** Makes a sound, where the browser lets the page: it does once the visitor has done something on it. */
export async function playSound(): Promise<void> {
  const context = new AudioContext()
  if (context.state === 'running') {
    const seconds = beep(context)
    await new Promise((done) => setTimeout(done, (seconds + 0.1) * 1_000))
  }
  await context.close()
}

/**
 * Shows `words` in the page's title, in turn with the title itself; for those who want less motion, in front of it.
 * @returns the way to end it, which leaves the page's own title
 */
export function blinkTitle(words: string): () => void {
  let own = document.title
  let shown = own
  const show = (title: string): void => {
    document.title = shown = title
  }
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  const blink = (): void => {
    // The page may have given itself another title in the meantime.
    if (document.title !== shown) own = document.title
    if (isStill) show(`${words} · ${own}`)
    else show(shown === words ? own : words)
  }
  blink()
  const timer = isStill ? undefined : setInterval(blink, BLINK_MS)
  return () => {
    clearInterval(timer)
    if (document.title === shown) document.title = own
  }
}
