import { css } from '../rendering/css.js'

/** An answer before the code for Markdown is there. */
export const plainText = css`
  :host {
    display: block;
    overflow-wrap: anywhere;
  }

  p {
    margin: 0;
    white-space: pre-wrap;
    unicode-bidi: plaintext;
  }
`
