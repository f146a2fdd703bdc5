/** So many frames may pass until everything that came has its real height: what is out of sight is measured late. */
const FRAMES = 3

/**
 * Makes a change above what is read, without moving it.
 *
 * @param items in their order; the first of them in sight is what is held
 * @param change resolves when it is made
 */
export async function holdPlace(
  scroller: Element,
  items: Iterable<Element>,
  change: () => Promise<unknown>,
): Promise<void> {
  const edge = scroller.getBoundingClientRect().top
  const held = Array.from(items).find((item) => item.getBoundingClientRect().bottom > edge)
  const place = held?.getBoundingClientRect().top ?? 0
  await change()
  if (!held) return
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const moved = held.getBoundingClientRect().top - place
    if (Math.abs(moved) >= 1) scroller.scrollTop += moved
    const { scrollTop } = scroller
    await new Promise((done) => requestAnimationFrame(done))
    // The reader has gone on.
    if (Math.abs(scroller.scrollTop - scrollTop) >= 1) return
  }
}
