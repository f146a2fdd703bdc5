/** What showing answers may take of one frame, in milliseconds: the rest belongs to typing, scrolling and the page. */
const BUDGET_MS = 8
const FRAME_MS = 16

let spent = 0
let frameStart = 0
/** Milliseconds that the browser last took to lay out what was shown in one. */
let layoutShare = 0

/**
 * Runs `slice` again and again while the frame has time left, for all answers of the page together, and then `layOut`. Some text is laid out
 * ten times as slowly as it becomes nodes: of that, less is shown in a frame.
 *
 * @param slice does a small piece of work; true when there is more to do
 * @param layOut has the browser lay out what was shown
 * @returns true when there is more to do, in a later frame; or may be, where this one had no time left at all
 */
export function spendOnFrame(slice: () => boolean, layOut: () => void): boolean {
  const begun = performance.now()
  if (begun - frameStart >= FRAME_MS) {
    frameStart = begun
    spent = 0
  }
  const budget = Math.min(BUDGET_MS, FRAME_MS / (1 + layoutShare))
  if (spent >= budget) return true
  let at = begun
  let more = true
  while (more && spent < budget) {
    more = slice()
    const now = performance.now()
    spent += now - at
    at = now
  }
  layOut()
  if (at > begun) layoutShare = (performance.now() - at) / Math.max(1, at - begun)
  return more
}
