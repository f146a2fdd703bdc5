import { normaliseChunk, type NormalisedChunk } from './normalise-chunk.js'

/** How often the shape of an answer's chunks is looked for: some providers write something of its own into each. */
const MOST_TRIES = 4
/** Stands where the text will be; nothing that a model says. */
const PROBE = 'a-place-for-the-text'
/** What JSON writes in another way than it is, or where a string ends. */
// oxlint-disable-next-line no-control-regex -- control characters are what must not be in a JSON string
const SPECIAL = /["\\\u0000-\u001f]/
/** Characters that are one byte each, and that JSON writes as they are. */
const PLAIN = /^[\u0020!#-[\]-\u007f]*$/

/** JSON as a text with a character for each of its bytes, which costs the least to make. */
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1')
const textOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()

/**
 * Nearly all chunks of an answer differ from the one before them in nothing but their text. So what stands around the text is
 * learned once, and a chunk of that shape needs no parsing: what is in between is its text. Any other one does.
 */
export class ChunkTemplate {
  #before = ''
  #after = ''
  #tries = 0

  /**
   * @param bytes a character for each; the chunk stands from `start` to `end`
   * @returns the text that is all the chunk says; `null` when it is not of the shape that was learned
   */
  read(bytes: string, start: number, end: number): string | null {
    const [from, to] = [start + this.#before.length, end - this.#after.length]
    if (this.#before === '' || from > to) return null
    if (!bytes.startsWith(this.#before, start) || !bytes.startsWith(this.#after, to)) return null
    const text = bytes.slice(from, to)
    if (PLAIN.test(text)) return text
    return SPECIAL.test(text) ? null : textOf(text)
  }

  /** Learns from a chunk that had to be parsed. */
  learn(json: string, chunk: NormalisedChunk): void {
    if (this.#tries >= MOST_TRIES || !isOnlyText(chunk)) return
    this.#tries += 1
    const at = json.indexOf(JSON.stringify(chunk.text))
    const [before, after] = [json.slice(0, at + 1), json.slice(at + 1 + chunk.text.length)]
    // The text must be what changes when what stands here changes, and nothing else.
    const probed = at < 0 || SPECIAL.test(chunk.text) ? null : parsed(`${before}${PROBE}${after}`)
    if (!probed || probed.text !== PROBE || !isOnlyText(probed)) return
    this.#before = bytesOf(before)
    this.#after = bytesOf(after)
  }
}

const isOnlyText = ({
  text,
  reasoning,
  toolCalls,
  finishReason,
  usage,
  isFailure,
}: NormalisedChunk): boolean =>
  text !== '' && reasoning === '' && toolCalls.length === 0 && !finishReason && !usage && !isFailure

function parsed(json: string): NormalisedChunk | null {
  try {
    return normaliseChunk(JSON.parse(json))
  } catch {
    return null
  }
}
