/**
 * What the page tells of what its visitor is looking at, such as `{ title: 'Blue kettle', product_id: '4711' }`: names and texts
 * of the site's own choice. The model is shown it as data of the page.
 */
export type PageContext = Readonly<Record<string, string>>

/** Longest page context, in UTF-16 code units of its JSON. */
export const MAX_CONTEXT_CHARS = 4_000
