import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'

/** So near to the end, a reader wants what comes next. */
const NEAR_END_PX = 40

/**
 * Keeps a scroller at its end while content grows, unless the reader scrolled up. Heights are read after layout, in a
 * resize observer, so that it costs no layout of its own.
 */
export class FollowController implements ReactiveController {
  #following = true
  #scroller: HTMLElement | null = null
  #lastTop = 0
  readonly #observer = new ResizeObserver(() => this.grew())

  constructor(
    private readonly host: ReactiveControllerHost,
    /** What scrolls; its one child is the content. Null while there is no end to follow: then its beginning is shown. */
    private readonly find: () => HTMLElement | null,
  ) {
    host.addController(this)
  }

  /** False when the reader went up to read. */
  get following(): boolean {
    return this.#following
  }

  /** Goes to the end and stays there. */
  follow(): void {
    this.#set(true)
    this.#toEnd()
  }

  /** Stays where the reader is, until what there is to read ends there. */
  stay(): void {
    this.#set(false)
  }

  /**
   * The content may be higher now. Called right after a change the end is shown in the same frame; the observer, which
   * hears of everything else, needs one more.
   */
  readonly grew = (): void => {
    if (this.#following) this.#toEnd()
    else if (this.#isNearEnd()) this.#set(true)
  }

  /**
   * As `grew`, and until the host's next update nothing else makes the content higher: what is observed has a browser take all
   * steps of a frame once more.
   */
  grewAlone(): void {
    const content = this.#scroller?.firstElementChild
    if (content) this.#observer.unobserve(content)
    this.grew()
  }

  /** Whatever is watched already is not watched twice. */
  hostUpdated(): void {
    const before = this.#scroller
    this.#scroller = this.find()
    if (!this.#scroller) return before?.scrollTo(0, 0)
    this.#scroller.addEventListener('scroll', this.#onScroll)
    for (const each of [this.#scroller, ...this.#scroller.children]) this.#observer.observe(each)
  }

  hostConnected(): void {
    this.host.requestUpdate()
  }

  hostDisconnected(): void {
    this.#observer.disconnect()
    this.#scroller?.removeEventListener('scroll', this.#onScroll)
    this.#scroller = null
  }

  readonly #onScroll = (): void => {
    const scroller = this.#scroller
    if (!scroller) return
    const { scrollTop } = scroller
    // The answer grew, and was followed. What is asked of a layout, here and below, takes the browser a walk over the page.
    if (scrollTop === this.#lastTop) return
    const wentUp = scrollTop < this.#lastTop
    this.#lastTop = scrollTop
    if (this.#isNearEnd()) this.#set(true)
    else if (wentUp) this.#set(false)
  }

  #isNearEnd(): boolean {
    return this.#left() <= NEAR_END_PX
  }

  /** Pixels to the end. */
  #left(): number {
    if (!this.#scroller) return 0
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller
    return scrollHeight - clientHeight - scrollTop
  }

  #set(following: boolean): void {
    if (following === this.#following) return
    this.#following = following
    this.host.requestUpdate()
  }

  #toEnd(): void {
    const left = this.#left()
    // A scroll to where one is costs a frame all the same.
    if (this.#scroller && left >= 1) this.#lastTop = this.#scroller.scrollTop += left
  }
}
