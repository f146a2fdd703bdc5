/** The words that somebody searches for, in the form in which text is compared with them: lower case, composed characters. */
export const searchWords = (query: string): readonly string[] =>
  query.normalize('NFC').toLowerCase().trim().split(/\s+/u).filter(Boolean)
