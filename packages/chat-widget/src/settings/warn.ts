const said = new Set<string>()

/** Tells the site's developer about a mistake, once per page and text. */
export function warnOnce(text: string): void {
  if (said.has(text)) return
  said.add(text)
  // The console is where an embedding developer looks; there is no logger in somebody else's page.
  // oxlint-disable-next-line no-console
  console.warn(`<chat-widget>: ${text}`)
}
