/** What the loader's drawing needs besides the looks of the button: its place, which in the widget is that of the panel too. */
export const LOADER_CSS = `:host([mode=inline]) {
    display: block;
    height: 640px;
  }

  button {
    position: fixed;
    inset-block-end: var(--chat-offset, 20px);
    inset-inline-end: var(--chat-offset, 20px);
    z-index: var(--chat-z-index, 2147483000);
    color-scheme: light dark;
    visibility: visible;
    pointer-events: auto;
  }

  [aria-busy=true] {
    opacity: .7;
  }
`
