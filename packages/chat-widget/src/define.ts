import { ChatComposer } from './chat-composer/chat-composer.js'
import { ChatLauncher } from './chat-launcher/chat-launcher.js'
import { ChatMessageList } from './chat-message-list/chat-message-list.js'
import { ChatPanel } from './chat-panel/chat-panel.js'
import { ChatWidget } from './chat-widget/chat-widget.js'
import type { ChatWidgetEventMap } from './events/events.js'

/**
 * What the first opening needs; the rest comes with `parts/lazy-parts`. The parts carry the widget's name in theirs: a page may well have a
 * `chat-message` of its own.
 */
const ELEMENTS: Readonly<Record<string, CustomElementConstructor>> = {
  'chat-widget-composer': ChatComposer,
  'chat-widget-launcher': ChatLauncher,
  'chat-widget-message-list': ChatMessageList,
  'chat-widget-panel': ChatPanel,
  'chat-widget': ChatWidget,
}

/** Registers `<chat-widget>` and its parts. Does nothing where they are known already, or where there is no DOM. */
function define(): void {
  if (typeof customElements === 'undefined' || customElements.get('chat-widget')) return
  for (const [tag, element] of Object.entries(ELEMENTS)) customElements.define(tag, element)
}

define()

declare global {
  interface HTMLElementTagNameMap {
    'chat-widget-composer': ChatComposer
    'chat-widget-launcher': ChatLauncher
    'chat-widget-message-list': ChatMessageList
    'chat-widget-panel': ChatPanel
    'chat-widget': ChatWidget
  }

  // The chat's events bubble, so that a page may listen on the document too.
  interface HTMLElementEventMap extends ChatWidgetEventMap {}
  interface DocumentEventMap extends ChatWidgetEventMap {}
}
