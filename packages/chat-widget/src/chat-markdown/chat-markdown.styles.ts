import { css } from '../rendering/css.js'

export const chatMarkdownStyles = css`
  :host {
    display: block;
    overflow-wrap: anywhere;
  }

  .section {
    contain: content;
  }

  .section + .section,
  .section > * + * {
    margin-top: 12px;
  }

  p,
  ul,
  ol,
  blockquote,
  figure,
  pre,
  hr,
  h3,
  h4,
  h5,
  h6 {
    margin: 0;
  }

  .plain {
    white-space: pre-wrap;
  }

  /* Whatever the panel is written in, a paragraph goes in its own direction. */
  p,
  h3,
  h4,
  h5,
  h6,
  li,
  th,
  td,
  summary {
    unicode-bidi: plaintext;
  }

  /* But the words of an item stand beside its mark, also where a name in other letters begins them. */
  [dir='rtl'] :is(li, li > p) {
    unicode-bidi: normal;
  }

  h3,
  h4,
  h5,
  h6 {
    font-size: 15px;
    font-weight: 650;
    line-height: 1.35;
    text-wrap: balance;
  }

  .section > * + :is(h3, h4, h5, h6) {
    margin-top: 20px;
  }

  .section > :is(h3, h4, h5, h6):first-child {
    margin-top: 8px;
  }

  .content > :first-child > :first-child > :first-child {
    margin-top: 0;
  }

  .h1 {
    font-size: 19px;
  }

  .h2 {
    font-size: 17px;
  }

  a {
    color: var(--_accent-text);
    text-decoration: underline;
    text-underline-offset: 3px;
  }

  ul,
  ol {
    padding-inline-start: 22px;
  }

  li + li,
  li > * + :is(ul, ol, p, figure, blockquote),
  li > :is(ul, ol) {
    margin-top: 5px;
  }

  li::marker {
    color: var(--_muted);
  }

  .task {
    margin-inline: -25px 0;
    list-style: none;
  }

  input {
    display: inline-grid;
    place-items: center;
    /* On both sides: a task goes in the direction of its words. */
    margin: -3px 6px 0;
    width: 16px;
    height: 16px;
    border: 1.5px solid var(--_line-strong);
    border-radius: 5px;
    vertical-align: middle;
    appearance: none;
  }

  input:checked {
    border-color: var(--_accent);
    background: var(--_accent);
  }

  input:checked::before {
    content: '';
    width: 2px;
    height: 6px;
    margin-top: -2px;
    border: solid var(--_on-accent);
    border-width: 0 2px 2px 0;
    transform: rotate(45deg);
  }

  blockquote {
    padding-block: 2px;
    padding-inline-start: 14px;
    border-inline-start: 3px solid var(--_line-strong);
    color: var(--_muted);
  }

  li > p + p,
  blockquote > * + * {
    margin-top: 8px;
  }

  hr {
    height: 1px;
    border: 0;
    background: var(--_line);
  }

  code {
    padding: 1.5px 5px;
    border-radius: 6px;
    background: var(--_sunken);
    box-shadow: inset 0 0 0 1px var(--_line);
    font: 0.875em/1.5 var(--_mono);
    direction: ltr;
    unicode-bidi: isolate;
  }

  .code {
    overflow: hidden;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_sunken);
  }

  .code-bar {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-inline: 14px 0;
    color: var(--_muted);
    font-size: 12px;
    /* What is copied across it is the answer. */
    user-select: none;
  }

  .copy-code {
    min-width: 64px;
    min-height: 44px;
    padding: 0 14px;
    border-radius: 10px;
    font-weight: 550;
    text-align: end;
  }

  .copy-code:hover {
    color: var(--_text);
  }

  .copy-code:focus-visible {
    outline-offset: -8px;
  }

  pre {
    padding: 0 14px 13px;
    overflow-x: auto;
    scrollbar-width: thin;
    tab-size: 2;
    direction: ltr;
    text-align: left;
  }

  pre:focus-visible,
  .table:focus-visible {
    outline-offset: -2px;
    border-radius: 10px;
  }

  pre code {
    border: 0;
    padding: 0;
    background: none;
    box-shadow: none;
    font-size: 13px;
    line-height: 1.6;
    overflow-wrap: normal;
    white-space: pre;
  }

  img {
    max-width: 100%;
    height: auto;
    border-radius: 10px;
  }

  @media (forced-colors: active) {
    input {
      appearance: auto;
    }

    code,
    .code,
    .table {
      border: 1px solid CanvasText;
      background: none;
    }
  }
`
