/** Below this width the panel takes the whole screen, and is modal: there is nothing else to see. */
export const FULL_SCREEN = '(max-width: 479px)'

/** Shows `dialog` the way the screen calls for. Opens it anew when the way has changed. */
export function showDialog(dialog: HTMLDialogElement): void {
  const modal = matchMedia(FULL_SCREEN).matches
  if (dialog.open && dialog.matches(':modal') === modal) return
  dialog.close()
  if (modal) dialog.showModal()
  // Not `show()`, which would take the focus also from somebody who did not ask for the chat.
  else dialog.open = true
}
