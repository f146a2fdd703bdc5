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
    box-shadow: 0 2px 6px #0c102429, 0 10px 28px #0c102438;
    cursor: pointer;
  }

  button:focus-visible {
    outline: 3px solid var(--chat-accent-text, light-dark(#2f49bb, #a9b8ff));
    outline-offset: 3px;
  }

  svg {
    width: 28px;
    height: 28px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
  }
`

/** The speech bubble, in a box of 24 by 24. */
export const CHAT_SHAPE =
  'M12 3.5c5 0 9 3.4 9 7.8s-4 7.8-9 7.8c-1 0-2-.15-3-.4L4.5 20.5l1-3.6C4 15.5 3 13.5 3 11.3c0-4.4 4-7.8 9-7.8ZM8 11.3h.01M12 11.3h.01M16 11.3h.01'
