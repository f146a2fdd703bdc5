import type { PanelView } from '../chat-panel/options.js'
import { hasModifier, isTextField } from '../keyboard/arrow-keys.js'

/** What keys can do with the panel, from inside it and from the launcher. */
export interface PanelKeys {
  /** Null while it is closed. */
  readonly view: PanelView | null
  readonly closable: boolean
  showMessages(): void
  close(): void
  /** Puts the caret where questions are written. */
  write(): void
}

/**
 * Escape goes one step back: from the list to the messages, then out of the panel. What is open inside a part (an editor)
 * hears it before. The slash is the key for writing, as in other chats, where it is no text itself.
 */
export function onPanelKey(event: KeyboardEvent, panel: PanelKeys): void {
  const act = panel.view && !event.isComposing && actionOf(event, panel)
  if (!act) return
  event.stopPropagation()
  event.preventDefault()
  act()
}

function actionOf(event: KeyboardEvent, panel: PanelKeys): (() => void) | null {
  if (event.key === '/' && !hasModifier(event) && !isTextField(event.composedPath()[0]))
    return () => panel.write()
  if (event.key !== 'Escape') return null
  if (panel.view === 'conversations') return () => panel.showMessages()
  return panel.closable ? () => panel.close() : null
}
