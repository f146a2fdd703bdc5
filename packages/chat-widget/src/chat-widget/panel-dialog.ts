import type { ChatMode } from '../settings/parse.js'

/** Here the panel takes the whole screen in every mode that floats: also on a phone that lies on its side. */
export const SMALL_SCREEN = '(max-width: 479px), (max-height: 479px)'

/** Over the whole screen, and modal: there is nothing else to see. */
export const FULL = 'floating full'

/** Where the chat is, as names of its classes. */
export function placeOf(mode: ChatMode, onSmallScreen: boolean): string {
  if (mode === 'inline') return mode
  return mode === 'fullscreen' || onSmallScreen ? FULL : 'floating'
}

/** Brings `dialog` to where the state has it: closed, or open, over everything else when it is modal. Opens it anew when the way has changed. */
export function syncDialog(dialog: HTMLDialogElement, isOpen: boolean, modal: boolean): void {
  if (isOpen && dialog.open && dialog.matches(':modal') === modal) return
  dialog.close()
  if (isOpen && modal) dialog.showModal()
  // Not `show()`, which would take the focus also from somebody who did not ask for the chat.
  else dialog.open = isOpen
}
