import { css } from '../../rendering/css.js'

/* Every colour has a contrast of 4.5 to 1 on the background of code, in both themes. */
export const highlightStyles = css`
  .hl-comment,
  .hl-quote,
  .hl-meta {
    color: var(--_muted);
  }

  .hl-comment,
  .hl-emphasis {
    font-style: italic;
  }

  .hl-keyword,
  .hl-selector-tag,
  .hl-doctag,
  .hl-template-tag {
    color: light-dark(#8a1f8a, #d6a5ff);
  }

  .hl-string,
  .hl-regexp,
  .hl-addition,
  .hl-code {
    color: light-dark(#17602c, #8fd19e);
  }

  .hl-number,
  .hl-literal,
  .hl-symbol,
  .hl-bullet,
  .hl-link {
    color: light-dark(#8f4300, #f2b27a);
  }

  .hl-title,
  .hl-section,
  .hl-selector-id,
  .hl-selector-class {
    color: light-dark(#2f49bb, #a9b8ff);
  }

  .hl-type,
  .hl-class,
  .hl-built_in,
  .hl-selector-pseudo {
    color: light-dark(#0b5d69, #7fd6e0);
  }

  .hl-attr,
  .hl-attribute,
  .hl-property,
  .hl-selector-attr,
  .hl-variable,
  .hl-template-variable {
    color: light-dark(#7a4b00, #e6c07b);
  }

  .hl-tag,
  .hl-name,
  .hl-deletion {
    color: light-dark(#a3224b, #ff9db5);
  }

  .hl-strong {
    font-weight: 650;
  }
`
