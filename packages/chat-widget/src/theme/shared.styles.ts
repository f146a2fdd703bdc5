import { css } from '../rendering/css.js'

/** What every part has: box model, focus ring, buttons, and text for screen readers only. */
export const shared = css`
  /* Not of ::before and ::after: a browser would look for both of every element. */
  * {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  :focus-visible {
    outline: 2px solid var(--_accent-text);
    outline-offset: 2px;
  }

  button {
    margin: 0;
    border: 0;
    padding: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: inherit;
    cursor: pointer;
    touch-action: manipulation;
  }

  button:disabled {
    cursor: default;
  }

  svg {
    display: block;
    flex: none;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .solid {
    fill: currentColor;
    stroke: none;
  }

  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }

  .icon-button {
    display: inline-grid;
    place-items: center;
    width: 44px;
    height: 44px;
    border-radius: 12px;
    color: var(--_muted);
    transition:
      background-color 120ms,
      color 120ms;
  }

  .icon-button:hover {
    background: var(--_hover);
    color: var(--_text);
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 44px;
    padding: 0 16px;
    border-radius: 12px;
    font-weight: 550;
    font-size: 14px;
    transition: background-color 120ms;
  }

  .button.quiet {
    box-shadow: inset 0 0 0 1px var(--_line-strong);
  }

  .button.quiet:hover {
    background: var(--_hover);
  }

  .button.primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.primary:disabled {
    background: var(--_sunken);
    color: var(--_muted);
  }

  .button.danger {
    background: var(--_danger);
    color: var(--_surface);
  }

  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      /* Not a short duration: every property of every element would change by a transition then, one level of the tree a frame. */
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }

  @media (forced-colors: active) {
    .button,
    .icon-button {
      border: 1px solid ButtonText;
    }

    .button.danger {
      background: ButtonFace;
      color: ButtonText;
    }
  }
`
