/** The round button and its icon, as the loader draws them and as the widget does: one must not be told from the other. */
export const LAUNCHER_CSS = `button {
    display: grid;
    place-items: center;
    /* Seen with forced colours only. */
    border: 2px solid #0000;
    padding: 0;
    width: var(--chat-launcher-size, 60px);
    height: var(--chat-launcher-size, 60px);
    border-radius: 50%;
    background: var(--chat-accent, light-dark(#3552cf, #4d64e0));
    color: var(--chat-on-accent, #fff);
    box-shadow: 0 2px 6px #0003, 0 10px 28px #0003;
    cursor: pointer;
  }

  button:focus-visible {
    outline: 3px solid var(--chat-accent-text, light-dark(#2f49bb, #a9b8ff));
    outline-offset: 3px;
  }

  svg {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
  }

  svg, ::slotted(:is(img, svg)) {
    width: 28px;
  }

  /* What the page has in place of the icon may hold a picture without a size. */
  ::slotted(*) {
    min-width: 28px;
  }
`

/** The speech bubble, in a box of 24 by 24. */
export const CHAT_SHAPE =
  'M12 3c5 0 9 4 9 8s-4 8-9 8H9l-5 2 1-4c-1-1-2-3-2-6 0-4 4-8 9-8ZM8 11h.01m4 0h.01m4 0h.01'
