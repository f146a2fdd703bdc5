const LONGEST_QUOTE = 200

/**
 * The first line of a question as markdown that shows just these characters: no link, image, HTML or formatting comes
 * of it, and it cannot leave the line it is put on.
 */
export function quoteQuestion(question: string): string {
  const line = question
    // Control, format and line-separating characters can hide or reorder text.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, (found) => (/[\n\r\u2028\u2029]/.test(found) ? '\n' : ' '))
    .trim()
    .split('\n', 1)[0]
  const letters = Array.from((line ?? '').replace(/\s+/g, ' ').trim())
  const cut =
    letters.length > LONGEST_QUOTE ? `${letters.slice(0, LONGEST_QUOTE).join('')}…` : letters.join('')
  return cut === '' ? '…' : cut.replace(/[!-/:-@[-`{-~]/g, '\\$&')
}
