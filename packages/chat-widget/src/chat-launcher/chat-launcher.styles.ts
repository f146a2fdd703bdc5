import { css } from 'lit'

export const chatLauncherStyles = css`
  :host {
    display: block;
  }

  button {
    display: grid;
    place-items: center;
    width: var(--chat-launcher-size, 60px);
    height: var(--chat-launcher-size, 60px);
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    box-shadow:
      0 2px 6px rgb(12 16 36 / 16%),
      0 10px 28px rgb(12 16 36 / 22%);
    transition:
      transform 180ms cubic-bezier(0.2, 0.8, 0.3, 1.2),
      filter 150ms;
  }

  button:hover {
    transform: scale(1.05);
  }

  button:active {
    transform: scale(0.96);
  }

  button:focus-visible {
    outline: 3px solid var(--_accent-text);
    outline-offset: 3px;
  }

  span {
    grid-area: 1 / 1;
    display: grid;
    place-items: center;
    transition:
      transform 220ms cubic-bezier(0.3, 0.7, 0.2, 1),
      opacity 160ms;
  }

  svg {
    width: 28px;
    height: 28px;
  }

  .opened,
  :host([open]) .closed {
    opacity: 0;
    transform: rotate(-45deg) scale(0.6);
  }

  .opened {
    transform: rotate(45deg) scale(0.6);
  }

  :host([open]) .opened {
    opacity: 1;
    transform: none;
  }

  @media (forced-colors: active) {
    button {
      border: 2px solid ButtonText;
    }
  }
`
