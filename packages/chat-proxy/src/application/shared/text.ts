import { DomainError } from '../../domain/errors.js'

/**
 * The text of a question, as it was written.
 * @param maxChars in UTF-16 code units, as `String.length` counts
 * @throws DomainError `invalid-input` when nothing but white space is left, `message-too-long`
 */
export function messageText(text: string, maxChars: number): string {
  if (text.trim() === '') {
    throw new DomainError('invalid-input', 'The message is empty. Write something and send it again.')
  }
  if (text.length > maxChars) {
    throw new DomainError(
      'message-too-long',
      `The message has ${text.length} characters; at most ${maxChars} are accepted. Shorten it or send it in parts.`,
    )
  }
  return text
}
