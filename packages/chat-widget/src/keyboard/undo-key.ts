import { isTextField } from './arrow-keys.js'

/** `KeyboardEvent.keyCode` of Z. Where letters are not Latin, `key` is another one, and the shortcut is on this key all the same. */
const Z_KEY = 90

/** Ctrl+Z, or ⌘Z, where it does not undo what was typed. */
export const isUndoKey = (event: KeyboardEvent): boolean =>
  event.keyCode === Z_KEY &&
  (event.ctrlKey || event.metaKey) &&
  !event.shiftKey &&
  !isTextField(event.composedPath()[0])
