/**
 * So much of a text is laid out in one piece, in UTF-16 code units: a browser takes 0.1 s for a million. Nobody listens to more than that at
 * once, either; all of it is read where it stands.
 */
const BEGINNING = 10_000

/** `text`, or of a long one its first words. */
export function beginningOf(text: string): string {
  return text.length > BEGINNING
    ? `${text.slice(0, text.lastIndexOf(' ', BEGINNING) + 1 || BEGINNING)}…`
    : text
}
