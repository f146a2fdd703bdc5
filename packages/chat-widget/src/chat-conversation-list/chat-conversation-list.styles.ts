import { css } from '@lit/reactive-element'

export const chatConversationListStyles = css`
  :host {
    display: flex;
    flex: 1;
    min-height: 0;
    animation: slide 200ms cubic-bezier(0.2, 0.7, 0.2, 1);
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
    padding: 9px 4px 9px 14px;
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
    font-size: 14.5px;
    line-height: 1.4;
  }

  .time {
    color: var(--_muted);
    font-size: 12.5px;
    line-height: 1.45;
  }

  .delete {
    margin-inline-end: 6px;
  }

  .delete:hover {
    color: var(--_danger);
  }

  .delete svg {
    width: 18px;
    height: 18px;
  }

  .question {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    padding: 8px 8px 8px 14px;
    border-radius: 14px;
    background: var(--_danger-soft);
  }

  .question p {
    flex: 1 1 140px;
    margin: 0;
    font-size: 14px;
    line-height: 1.35;
  }
`
