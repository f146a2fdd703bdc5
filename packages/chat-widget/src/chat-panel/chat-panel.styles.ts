import { css } from '../rendering/css.js'

export const chatPanelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
    background: var(--_surface);
    color: var(--_text);
  }

  p,
  h2,
  h3 {
    margin: 0;
  }

  header {
    display: flex;
    align-items: center;
    padding: 8px;
    border-bottom: 1px solid var(--_line);
  }

  .heading {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    gap: 0 10px;
    align-items: center;
    min-width: 0;
    padding-inline: 6px;
  }

  h2,
  .demo {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  h2 {
    font-weight: 650;
    font-size: 16px;
    line-height: 1.4;
    letter-spacing: -0.01em;
  }

  .demo {
    padding: 1px 9px;
    border-radius: 10px;
    background: var(--_notice-soft);
    color: var(--_notice-text);
    font-weight: 600;
    font-size: 12px;
    line-height: 18px;
  }

  :host(:dir(rtl)) .back svg {
    transform: scaleX(-1);
  }

  .notice,
  .failure {
    display: flex;
    gap: 10px;
    align-items: center;
    font-size: 14px;
    line-height: 1.45;
  }

  .notice {
    padding: 10px 18px;
    background: var(--_notice-soft);
    color: var(--_notice-text);
  }

  .failure {
    flex-wrap: wrap;
    margin: 4px 16px 6px;
    padding-block: 8px;
    padding-inline: 14px 8px;
    border-radius: 14px;
    background: var(--_danger-soft);
  }

  .failure p {
    flex: 1 1 180px;
  }

  .failure svg {
    color: var(--_danger);
  }

  .failure strong {
    font-weight: 600;
  }

  .toast {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    min-height: 48px;
    margin: 4px 16px 8px;
    padding-block: 2px;
    padding-inline: 16px 4px;
    border-radius: 14px;
    background: var(--_text);
    color: var(--_surface);
    font-size: 14px;
    line-height: 1.4;
    animation: rise 240ms cubic-bezier(0.2, 0.7, 0.2, 1);
  }

  .toast .button {
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  .toast :focus-visible {
    outline-color: currentColor;
    outline-offset: -4px;
  }

  .empty {
    display: flex;
    flex: 1;
    flex-direction: column;
    justify-content: center;
    padding: 8px 4px 4px;
    animation: rise 240ms cubic-bezier(0.2, 0.7, 0.2, 1);
  }

  .mark {
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    margin-bottom: 18px;
    border-radius: 14px;
    background: var(--_accent-soft);
    color: var(--_accent-text);
  }

  h2,
  h3,
  .suggestion span {
    /* What the site says, in its own direction. */
    unicode-bidi: plaintext;
    text-align: match-parent;
    text-align: -webkit-match-parent;
  }

  h3 {
    font-weight: 650;
    font-size: 22px;
    line-height: 1.3;
    letter-spacing: -0.02em;
    text-wrap: balance;
  }

  h3 + p {
    margin-top: 8px;
    color: var(--_muted);
  }

  .empty ul {
    display: grid;
    gap: 8px;
    margin: 22px 0 0;
    padding: 0;
    list-style: none;
  }

  .suggestion {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    width: 100%;
    min-height: 48px;
    padding: 11px 16px;
    border-radius: 14px;
    box-shadow: inset 0 0 0 1px var(--_line);
    font-size: 14px;
    line-height: 1.4;
    transition: background-color 120ms;
  }

  .suggestion:hover {
    background: var(--_accent-soft);
    box-shadow: inset 0 0 0 1px color-mix(in oklab, var(--_accent) 35%, transparent);
  }

  .suggestion svg {
    width: 16px;
    height: 16px;
    color: var(--_muted);
  }

  .demo-hint {
    margin-top: 18px;
    color: var(--_muted);
    font-size: 12px;
  }

  .loading {
    display: grid;
    gap: 14px;
    padding-top: 4px;
  }

  .loading i {
    height: 14px;
    border-radius: 7px;
    background: var(--_sunken);
    animation: wait 1.4s infinite ease-in-out;
  }

  .loading i:nth-of-type(1) {
    width: 46%;
    height: 38px;
    border-radius: 18px;
    justify-self: end;
  }

  @keyframes wait {
    50% {
      opacity: 0.45;
    }
  }

  ::slotted([slot='footer']) {
    display: block;
    padding: 0 20px 12px;
    color: var(--_muted);
    font-size: 12px;
    text-align: center;
  }

  @media (forced-colors: active) {
    .toast {
      background: Canvas;
      color: CanvasText;
    }

    .suggestion,
    .loading i,
    .failure,
    .notice,
    .toast,
    .demo {
      border: 1px solid CanvasText;
    }
  }
`
