/** Moves the focus within a list of things, as the arrow keys, Home and End say. False when the key is none of these. */
export function moveWithArrows(event: KeyboardEvent, items: readonly HTMLElement[]): boolean {
  const at = items.findIndex((item) => item.matches(':focus'))
  const target = targetOf(event.key, at, items.length)
  const item = target === null ? undefined : items[Math.min(Math.max(target, 0), items.length - 1)]
  if (!item || hasModifier(event)) return false
  event.preventDefault()
  item.focus()
  return true
}

function targetOf(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return at + 1
    case 'ArrowUp':
      return at < 0 ? count - 1 : at - 1
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

/** The key is one of a shortcut of somebody else. */
export const hasModifier = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey || event.altKey

/** True where keys are text. */
export function isTextField(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('textarea, select, input')
}
