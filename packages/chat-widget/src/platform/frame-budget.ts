/** What showing answers may take of one frame, in milliseconds: the rest belongs to typing, scrolling and the page. */
const BUDGET_MS = 8
const FRAME_MS = 16

let spent = 0
let frameStart = 0

/**
 * Runs `slice` again and again while the frame has time left, for all answers of the page together.
 *
 * @param slice does a small piece of work; true when there is more to do
 * @returns true when there is more to do, in a later frame
 */
export function spendOnFrame(slice: () => boolean): boolean {
  let started = performance.now()
  if (started - frameStart >= FRAME_MS) {
    frameStart = started
    spent = 0
  }
  let more = true
  while (more && spent < BUDGET_MS) {
    more = slice()
    const now = performance.now()
    spent += now - started
    started = now
  }
  return more
}
