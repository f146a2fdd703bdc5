/** An answer that has all of Markdown. */
export const markdown: string

/** Source of a function that brings the page into the state, by the name of the state. */
export const states: Readonly<Record<string, string>>
