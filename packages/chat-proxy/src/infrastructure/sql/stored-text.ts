// With the flag `u` a surrogate matches only where it is not half of a pair.
const UNSTORABLE = /\0|\p{Surrogate}/gu

/**
 * Text that a person or a model wrote, in the form that every technology here can keep: U+0000 (refused by PostgreSQL)
 * and lone surrogates (no UTF-8 for them) become U+FFFD, in the adapter, so that both stores give back the same. All
 * other text is kept exactly. Not for ids: those are compared, and two different ids must not become one.
 */
export const storedText = (text: string): string => text.replaceAll(UNSTORABLE, '\uFFFD')
