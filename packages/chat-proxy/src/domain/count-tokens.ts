import type { Message } from './message.js'

/** Up to which character, as code point, one of the script takes so many tokens on the average. */
interface Script {
  readonly until: number
  readonly tokens: number
}

/**
 * Between what the tokenizers of older and of newer models make of it: measured on prose in these scripts, which for the
 * scripts of few training texts differ by three times.
 */
const SCRIPTS: readonly Script[] = [
  // Letters with accents, which break a word up.
  { until: 0x036f, tokens: 1 },
  // Greek, Cyrillic, Armenian.
  { until: 0x058f, tokens: 0.45 },
  // Hebrew, Arabic and their kin.
  { until: 0x08ff, tokens: 0.6 },
  // The scripts of India and South-East Asia, Georgian.
  { until: 0x10ff, tokens: 0.7 },
  // Letters of Korean.
  { until: 0x11ff, tokens: 0.8 },
  // Ethiopic and many of few readers.
  { until: 0x1dff, tokens: 1.8 },
  // Latin with two accents, as in Vietnamese, and Greek with them.
  { until: 0x1fff, tokens: 0.7 },
  // Signs, Kana, Han.
  { until: 0xabff, tokens: 1 },
  // Syllables of Korean.
  { until: 0xd7ff, tokens: 0.8 },
  { until: 0xffff, tokens: 1 },
  // Emoji, rare Han.
  { until: 0x10ffff, tokens: 2 },
]

const LETTER = 0.22
const DIGIT_OR_SIGN = 0.55

/** Roughly how many tokens a text has, in any script. A model whose tokenizer is not known has no better count. */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (const character of text) tokens += tokensIn(character.codePointAt(0) ?? 0)
  return Math.ceil(tokens)
}

/** No tokenizer makes more of a text: each token is at least a byte of it. For what must never be passed. */
export const mostTokens = (text: string): number => Buffer.byteLength(text)

const tokensIn = (code: number): number =>
  code < 0x80 ? (isLetterOrSpace(code) ? LETTER : DIGIT_OR_SIGN) : tokensBeyondAscii(code)

const isLetterOrSpace = (code: number): boolean =>
  code === 0x20 || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a)

const tokensBeyondAscii = (code: number): number => SCRIPTS.find(({ until }) => code <= until)?.tokens ?? 1

/** Tokens that a message costs besides its text. */
export const TOKENS_A_MESSAGE = 8

/**
 * What a message takes of the model's context: the provider's own count of an answer where it is known. It may hold what the
 * model thought as well, which is not shown again; no text has more tokens than bytes, so it never counts for more than those.
 */
export function tokensOf({ content, usage }: Pick<Message, 'content' | 'usage'>): number {
  const counted = usage?.completion_tokens ?? 0
  const text = counted > 0 ? Math.min(counted, Buffer.byteLength(content)) : estimateTokens(content)
  return text + TOKENS_A_MESSAGE
}
