import { css } from '../rendering/css.js'

/* Place and size are set on .root, not on the host: a page's own rules reach the host, but not inside. */
export const chatWidgetStyles = css`
  :host {
    display: contents;
  }

  :host([mode='inline']) {
    display: block;
    height: 640px;
  }

  .root.floating {
    position: fixed;
    inset-block-end: var(--chat-offset, 20px);
    inset-inline-end: var(--chat-offset, 20px);
    z-index: var(--chat-z-index, 2147483000);
  }

  /* Korean has spaces, and breaks its lines there. */
  .root:lang(ko) {
    word-break: keep-all;
  }

  .panel {
    overflow: hidden;
    margin: 0;
    border: 0;
    padding: 0;
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
  }

  .root.inline,
  section.panel {
    height: 100%;
  }

  section.panel {
    box-shadow: 0 0 0 1px var(--_line);
  }

  dialog.panel {
    position: fixed;
    inset: auto;
    inset-block-end: calc(var(--chat-offset, 20px) + var(--chat-launcher-size, 60px) + 14px);
    inset-inline-end: var(--chat-offset, 20px);
    width: var(--chat-width, 400px);
    max-width: calc(100vw - 2 * var(--chat-offset, 20px));
    height: var(--chat-height, 680px);
    max-height: calc(100dvh - 2 * var(--chat-offset, 20px) - var(--chat-launcher-size, 60px) - 14px);
    box-shadow: var(--_shadow);
    opacity: 0;
    transform: translateY(14px) scale(0.98);
    transform-origin: 100% 100%;
    transition:
      opacity 120ms,
      transform 240ms cubic-bezier(0.2, 0.7, 0.2, 1),
      display 240ms allow-discrete,
      overlay 240ms allow-discrete;
  }

  dialog.panel[open] {
    opacity: 1;
    transform: none;
  }

  @starting-style {
    dialog.panel[open] {
      opacity: 0;
      transform: translateY(14px) scale(0.98);
    }
  }

  dialog.panel::backdrop {
    background: none;
  }

  .full dialog.panel {
    inset: 0;
    width: 100%;
    max-width: none;
    height: 100dvh;
    max-height: none;
    border-radius: 0;
  }

  /* It lies behind the panel, where the send button is. */
  :host([open]) .full chat-widget-launcher {
    visibility: hidden;
  }

  @media (forced-colors: active) {
    .panel {
      border: 1px solid CanvasText;
    }
  }

  @media print {
    .root.floating {
      display: none;
    }
  }
`
