/** Below this width the panel takes the whole screen, as it does in the mode of that name. It is modal then: there is nothing else to see. */
export const FULL_SCREEN = '(max-width: 479px)'

/** Shows `dialog`, over everything else when it is modal. Opens it anew when the way has changed. */
export function showDialog(dialog: HTMLDialogElement, modal: boolean): void {
  if (dialog.open && dialog.matches(':modal') === modal) return
  dialog.close()
  if (modal) dialog.showModal()
  // Not `show()`, which would take the focus also from somebody who did not ask for the chat.
  else dialog.open = true
}
