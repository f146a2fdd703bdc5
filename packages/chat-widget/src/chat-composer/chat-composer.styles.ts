import { css } from '../rendering/css.js'

export const chatComposerStyles = css`
  :host {
    display: block;
    padding: 8px max(16px, 50% - 384px) 14px;
  }

  .frame {
    display: flex;
    align-items: flex-end;
    padding: 4px;
    border: 1px solid var(--_line-strong);
    border-radius: 24px;
    background: var(--_surface);
    transition:
      border-color 120ms,
      box-shadow 120ms;
  }

  .frame:focus-within {
    border-color: var(--_accent);
    box-shadow: 0 0 0 3px var(--_accent-soft);
  }

  .send {
    display: grid;
    flex: none;
    place-items: center;
    width: 44px;
    height: 44px;
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    transition:
      background-color 120ms,
      color 120ms,
      transform 120ms;
  }

  .send:hover:enabled {
    filter: brightness(1.08);
  }

  .send:active:enabled {
    transform: scale(0.94);
  }

  .send:disabled {
    background: var(--_sunken);
    color: var(--_muted);
  }

  .hint {
    margin: 6px 14px 0;
    color: var(--_muted);
    font-size: 12px;
    line-height: 1.4;
    font-variant-numeric: tabular-nums;
  }

  .hint:empty {
    display: none;
  }

  .over {
    color: var(--_danger);
  }

  @media (forced-colors: active) {
    .frame:focus-within {
      outline: 2px solid Highlight;
    }

    .send {
      border: 1px solid ButtonText;
    }
  }
`
