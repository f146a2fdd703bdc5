import { css } from '@lit/reactive-element'

export const chatLauncherStyles = css`
  :host {
    display: block;
  }

  button {
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

  span {
    grid-area: 1 / 1;
    display: grid;
    place-items: center;
    transition:
      transform 220ms cubic-bezier(0.3, 0.7, 0.2, 1),
      opacity 160ms;
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
`
