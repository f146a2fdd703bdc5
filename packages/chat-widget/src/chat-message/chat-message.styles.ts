import { css } from '../rendering/css.js'

export const chatMessageStyles = css`
  :host {
    display: block;
  }

  p {
    margin: 0;
  }

  .question {
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    padding-inline-start: 44px;
  }

  .bubble {
    max-width: 100%;
    padding: 9px 15px;
    border-radius: var(--_radius);
    border-end-end-radius: 6px;
    background: var(--_accent);
    color: var(--_on-accent);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
  }

  .state {
    margin-top: 6px;
    color: var(--_muted);
    font-size: 13px;
  }

  .failed {
    color: var(--_danger);
  }

  .problem {
    display: flex;
    gap: 10px;
    margin-top: 10px;
    padding: 11px 14px;
    border-radius: 14px;
    background: var(--_danger-soft);
    font-size: 14px;
    line-height: 1.45;
  }

  .problem:first-child {
    margin-top: 0;
  }

  .problem svg {
    color: var(--_danger);
  }

  .problem strong {
    font-weight: 600;
  }

  .retry {
    margin-top: 10px;
  }

  .retry:disabled {
    opacity: 0.55;
  }

  .button svg {
    width: 17px;
    height: 17px;
  }

  /* What can be done with older messages shows under the pointer and the focus; of the last one always, but for the time. */
  article {
    --_reveal: 0;
    --_reveal-time: 0;
  }

  :host([last]) article {
    --_reveal: 1;
  }

  article:hover,
  article:focus-within {
    --_reveal: 1;
    --_reveal-time: 1;
  }

  .typing {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 26px;
    color: var(--_muted);
    font-size: 13px;
  }

  .body + .typing {
    margin-top: 10px;
  }

  .dots {
    display: inline-flex;
    gap: 5px;
  }

  .dots i {
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: currentColor;
    animation: breathe 1.3s infinite ease-in-out;
  }

  .dots i:nth-child(2) {
    animation-delay: 0.16s;
  }

  .dots i:nth-child(3) {
    animation-delay: 0.32s;
  }

  @keyframes breathe {
    0%,
    70%,
    100% {
      opacity: 0.28;
    }

    35% {
      opacity: 0.9;
      transform: translateY(-3px);
    }
  }

  @media (forced-colors: active) {
    .bubble,
    .problem {
      border: 1px solid CanvasText;
    }

    .dots i {
      background: CanvasText;
    }
  }
`
