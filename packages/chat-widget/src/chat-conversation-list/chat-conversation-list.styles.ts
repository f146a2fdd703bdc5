import { css } from '../rendering/css.js'

export const chatConversationListStyles = css`
  :host {
    display: flex;
    flex: 1;
    min-height: 0;
    animation: slide 240ms cubic-bezier(0.2, 0.7, 0.2, 1);
  }

  @keyframes slide {
    from {
      opacity: 0;
      transform: translateX(-10px);
    }
  }

  .scroller {
    flex: 1;
    min-width: 0;
    padding: 16px 12px;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_line-strong) transparent;
  }

  .new {
    width: calc(100% - 8px);
    margin: 0 4px 12px;
  }

  .empty {
    margin: 40px 24px;
    color: var(--_muted);
    text-align: center;
    text-wrap: balance;
  }

  ul {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 2px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  li {
    display: flex;
    align-items: center;
    position: relative;
    border-radius: 14px;
    transition: background-color 120ms;
  }

  li:hover,
  li:has([aria-current='true']) {
    background: var(--_sunken);
  }

  .open {
    flex: 1;
    min-width: 0;
    min-height: 60px;
    padding-block: 9px;
    padding-inline: 14px 4px;
    border-radius: 14px;
  }

  .title,
  .time {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .title {
    font-weight: 550;
    font-size: 14px;
    line-height: 1.4;
    /* A title goes in its own direction, so that it is its end that is cut, and stands where the others do. */
    unicode-bidi: plaintext;
    text-align: match-parent;
    text-align: -webkit-match-parent;
  }

  .time {
    color: var(--_muted);
    font-size: 12px;
    line-height: 1.45;
  }

  .time::first-letter {
    text-transform: uppercase;
  }

  .icon-button svg {
    width: 18px;
    height: 18px;
  }

  .delete {
    margin-inline-end: 6px;
  }

  .delete:hover {
    color: var(--_danger);
  }

  @media (hover: hover) and (pointer: fine) {
    .icon-button {
      opacity: 0;
    }

    li:hover .icon-button,
    li:focus-within .icon-button {
      opacity: 1;
    }
  }

  .search {
    position: relative;
    display: flex;
    align-items: center;
    margin: 0 4px 10px;
    color: var(--_muted);
  }

  .search svg {
    position: absolute;
    inset-inline-start: 14px;
    width: 18px;
    height: 18px;
    pointer-events: none;
  }

  input {
    width: 100%;
    min-width: 0;
    min-height: 44px;
    margin: 0;
    border: 1px solid var(--_line-strong);
    padding: 0 14px;
    border-radius: 12px;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    outline: none;
  }

  input[type='search'] {
    padding-inline-start: 40px;
    text-overflow: ellipsis;
    appearance: none;
  }

  input::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  input:focus-visible {
    border-color: var(--_accent);
    box-shadow: 0 0 0 3px var(--_accent-soft);
    outline: none;
  }

  input.title {
    margin: 8px 6px;
    font-weight: 550;
  }

  /* 16px keeps phones from zooming in. */
  @media (pointer: coarse) {
    input {
      font-size: 16px;
    }
  }

  @media (forced-colors: active) {
    input:focus-visible,
    li:has([aria-current='true']) {
      outline: 2px solid Highlight;
    }
  }
`
