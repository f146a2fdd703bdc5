import { css } from '../rendering/css.js'

export const chatMessageToolsStyles = css`
  :host {
    display: block;
  }

  .tools,
  .versions {
    display: flex;
    align-items: center;
  }

  .tools {
    flex-wrap: wrap;
    min-height: 44px;
    /* Room to press, not to look at: signs stand at the edge of the text, and rows as close as without it. */
    margin: 0 -12px -12px;
  }

  .tools.user {
    justify-content: flex-end;
    margin-inline-start: -44px;
  }

  /* The time stands outside, the buttons at the bubble. */
  .tools.user time {
    order: -1;
  }

  .tools.user .versions {
    order: 1;
  }

  .icon-button svg {
    width: 17px;
    height: 17px;
  }

  /* Their signs can be seen without a frame; the frames would stand in each other's way. */
  @media (forced-colors: active) {
    .icon-button {
      border: 0;
    }
  }

  .versions {
    color: var(--_muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }

  .versions span {
    margin-inline: -8px;
  }

  .next svg {
    transform: scaleX(-1);
  }

  :host(:dir(rtl)) .previous svg {
    transform: scaleX(-1);
  }

  :host(:dir(rtl)) .next svg {
    transform: none;
  }

  .given {
    color: var(--_accent-text);
  }

  .given svg {
    fill: var(--_accent-soft);
  }

  @media (forced-colors: active) {
    .given svg {
      fill: currentColor;
    }
  }

  .thanks {
    margin: 14px 0 -6px;
    color: var(--_muted);
    font-size: 13px;
  }

  .thanks:empty {
    display: none;
  }

  [aria-disabled='true'] {
    cursor: default;
    opacity: 0.35;
  }

  time {
    padding-inline: 8px;
    color: var(--_muted);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }

  /* Of older messages, only under the pointer or the focus. The message around says which it is. */
  @media (hover: hover) {
    .reveal {
      opacity: var(--_reveal, 1);
      transition: opacity 120ms;
    }

    time.reveal {
      opacity: var(--_reveal-time, 1);
    }

    .tools:focus-within .reveal {
      opacity: 1;
    }
  }
`
