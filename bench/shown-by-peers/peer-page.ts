/** What the page of a peer, global there as `peer`, lets be done with it. */
export interface PeerPage {
  /** Where the peer puts what is said. */
  readonly root: ParentNode
  /** Shows an answer that comes in these pieces, and waits until it is shown; one piece is an answer as a whole. */
  show(pieces: readonly string[]): Promise<void>
  /** Takes away what was said. */
  clear(): void
  /** The states that the peer has, by the names that they have for the widget. Each is shown on a page of its own. */
  readonly states: Readonly<Record<string, () => void | Promise<void>>>
}

declare global {
  interface Window {
    peer: PeerPage
  }
}
