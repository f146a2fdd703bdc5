import { css } from '../rendering/css.js'

export const chatFeedbackFormStyles = css`
  :host {
    display: block;
  }

  form {
    display: grid;
    gap: 10px;
    margin-top: 20px;
    padding: 14px;
    border-radius: 14px;
    background: var(--_sunken);
  }

  label {
    font-weight: 550;
    font-size: 14px;
    line-height: 1.4;
  }

  textarea {
    width: 100%;
    min-height: 64px;
    margin: 0;
    border: 1px solid var(--_line-strong);
    padding: 9px 12px;
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    line-height: 1.45;
    resize: vertical;
  }

  textarea:focus-visible {
    border-color: var(--_accent);
    box-shadow: 0 0 0 3px var(--_accent-soft);
    outline: none;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
  }

  /* 16px keeps phones from zooming in. */
  @media (pointer: coarse) {
    textarea {
      font-size: 16px;
    }
  }

  @media (forced-colors: active) {
    textarea:focus-visible {
      outline: 2px solid Highlight;
    }
  }
`
