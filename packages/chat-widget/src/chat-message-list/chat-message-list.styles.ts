import { css } from '../rendering/css.js'

export const chatMessageListStyles = css`
  :host {
    position: relative;
    display: flex;
    flex: 1;
    min-height: 0;
  }

  .scroller {
    flex: 1;
    min-width: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_line-strong) transparent;
  }

  .scroller:focus-visible {
    outline-offset: -3px;
    border-radius: 8px;
  }

  .content {
    display: flex;
    flex-direction: column;
    gap: 20px;
    min-height: 100%;
    /* In a wide panel, lines of a length that can be read. */
    padding: 20px max(20px, 50% - 380px) 24px;
  }

  /* As messages will look, as far as words alone can. */
  chat-widget-message:not(:defined) {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }

  chat-widget-message[data-role='user']:not(:defined) {
    width: fit-content;
    max-width: calc(100% - 44px);
    box-sizing: border-box;
    margin-inline-start: auto;
    padding: 9px 15px;
    border-radius: var(--_radius);
    border-end-end-radius: 6px;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  chat-widget-message {
    display: block;
    /* What is out of sight costs no layout; the room around is for what shines out of a message: outlines, shadows. */
    content-visibility: auto;
    contain-intrinsic-size: auto 120px;
    overflow-clip-margin: 20px;
  }

  /* A question and its answer; not what comes in above them. */
  chat-widget-message:nth-last-of-type(-n + 2) {
    animation: rise 240ms cubic-bezier(0.2, 0.7, 0.2, 1);
  }

  .day {
    margin: 4px 0 -4px;
    color: var(--_muted);
    font-size: 12px;
    text-align: center;
  }

  /* Only a box of its own has a first letter; not every language writes its days with a capital one. */
  .day time {
    display: inline-block;
  }

  .day time::first-letter {
    text-transform: uppercase;
  }

  .follow-ups {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 4px 0 0;
    padding: 0;
    list-style: none;
    animation: rise 240ms cubic-bezier(0.2, 0.7, 0.2, 1);
  }

  .follow-up {
    unicode-bidi: plaintext;
    min-height: 44px;
    padding: 6px 16px;
    border-radius: 22px;
    box-shadow: inset 0 0 0 1px var(--_line-strong);
    font-size: 14px;
    line-height: 1.4;
    transition: background-color 120ms;
  }

  .follow-up:hover:enabled {
    background: var(--_accent-soft);
  }

  .follow-up:disabled {
    opacity: 0.55;
  }

  .jump {
    position: absolute;
    inset-block-end: 10px;
    inset-inline: 0;
    display: flex;
    gap: 8px;
    align-items: center;
    width: fit-content;
    min-height: 44px;
    margin-inline: auto;
    padding-block: 0;
    padding-inline: 14px 18px;
    border-radius: 22px;
    background: var(--_surface);
    box-shadow: var(--_shadow);
    font-size: 13px;
    font-weight: 550;
    animation: rise 240ms cubic-bezier(0.2, 0.7, 0.2, 1);
  }

  .jump svg {
    width: 16px;
    height: 16px;
  }

  @media (forced-colors: active) {
    .follow-up,
    .jump {
      border: 1px solid ButtonText;
    }
  }
`
