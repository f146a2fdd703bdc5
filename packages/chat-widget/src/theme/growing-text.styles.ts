import { css } from '../rendering/css.js'

/** A text area that is as high as its text: the mirror has the text's height and stretches the area to it, no script measures. */
export const growingText = css`
  .grow {
    display: grid;
    flex: 1;
    min-width: 0;
    max-height: 168px;
    overflow-y: auto;
    scrollbar-width: thin;
  }

  .mirror,
  textarea {
    grid-area: 1 / 1;
    margin: 0;
    border: 0;
    padding-block: 10px;
    padding-inline: 14px 8px;
    unicode-bidi: plaintext;
    min-width: 0;
    font: inherit;
    line-height: 24px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .mirror {
    visibility: hidden;
  }

  textarea {
    resize: none;
    overflow: hidden;
    background: none;
    color: inherit;
    outline: none;
  }

  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  /* 16px keeps phones from zooming in. */
  @media (pointer: coarse) {
    .mirror,
    textarea {
      font-size: 16px;
    }
  }
`
