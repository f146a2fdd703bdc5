/** Timers of a hidden page are slow anyway; this only keeps a text in the background from piling up. */
const HIDDEN_DELAY_MS = 250

/** Works that wait for their next frame, in the order in which they began to wait. */
const waiting = new Set<() => void>()
let frame = 0
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Runs `work` once before each paint from now on, until it is taken back. Of several, what came last goes first: the end of a conversation
 * is what its reader sees. A hidden page paints nothing and gets no animation frames: there a timer takes over, also when the page is
 * hidden while a frame is awaited.
 */
export function everyFrame(work: () => void): void {
  waiting.add(work)
  if (waiting.size === 1) ask()
}

/** True while `work` will be run before the next paint. */
export const awaitsFrame = (work: () => void): boolean => waiting.has(work)

export function noMoreFrames(work: () => void): void {
  if (waiting.delete(work) && waiting.size === 0) leave()
}

function ask(): void {
  if (document.visibilityState === 'hidden') byTimer()
  else {
    frame = requestAnimationFrame(run)
    document.addEventListener('visibilitychange', byTimer)
  }
}

function leave(): void {
  cancelAnimationFrame(frame)
  clearTimeout(timer)
  document.removeEventListener('visibilitychange', byTimer)
}

function byTimer(): void {
  clearTimeout(timer)
  timer = setTimeout(run, HIDDEN_DELAY_MS)
}

function run(): void {
  leave()
  for (const work of [...waiting].toReversed()) runOne(work)
  if (waiting.size > 0) ask()
}

/** One that fails keeps no other from its frames. */
function runOne(work: () => void): void {
  try {
    work()
  } catch (error) {
    waiting.delete(work)
    reportError(error)
  }
}
