import { css } from '../rendering/css.js'

export const chatLauncherStyles = css`
  :host {
    display: block;
  }

  button {
    position: relative;
    text-align: center;
    transition: transform 180ms cubic-bezier(0.2, 0.8, 0.3, 1.2);
  }

  button:hover {
    transform: scale(1.05);
  }

  button:active {
    transform: scale(0.96);
  }

  svg {
    height: 28px;
  }

  span {
    grid-area: 1 / 1;
    display: grid;
    place-items: center;
    transition:
      transform 240ms cubic-bezier(0.2, 0.7, 0.2, 1),
      opacity 120ms;
  }

  .opened,
  :host([open]) .closed {
    opacity: 0;
    transform: rotate(-45deg) scale(0.6);
  }

  .opened {
    transform: rotate(45deg) scale(0.6);
  }

  .badge {
    position: absolute;
    inset-block-start: -4px;
    inset-inline-end: -4px;
    min-width: 24px;
    padding: 0 6px;
    border: 2px solid light-dark(#fff, #15171e);
    border-radius: 12px;
    background: light-dark(#c5281c, #ff9d94);
    color: light-dark(#fff, #15171e);
    font:
      700 12px/20px system-ui,
      sans-serif;
    animation: pop 240ms cubic-bezier(0.2, 0.8, 0.3, 1.2);
  }

  .badge::before {
    content: attr(data-count) / '';
  }

  @keyframes pop {
    from {
      transform: scale(0.3);
      opacity: 0;
    }
  }

  :host([open]) .opened {
    opacity: 1;
    transform: none;
  }
`
