/** `KeyboardEvent.keyCode` while an input method composes; some browsers say it only here. */
const COMPOSING_KEY = 229

/** An Enter that sends: not one that starts a line, and not one that ends a composition, which only picks a word. */
export const isSendKey = (event: KeyboardEvent): boolean =>
  event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== COMPOSING_KEY
