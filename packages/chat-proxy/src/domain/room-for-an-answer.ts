import { costOf, dearestOf, type Price } from './prices.js'

/** A limit by the name that whoever sets it knows. */
export interface NamedLimit {
  readonly name: string
  /** Money in millionths of a US dollar; `null`: without limit. */
  readonly max: number | null
  readonly measure: 'tokens' | 'money'
}

/**
 * Which limits would refuse every question, because the longest answer alone, which is set aside for each, is more than they allow.
 * 0 says so on purpose.
 * @param prices of the models that may answer
 */
export function limitsWithoutRoom(
  limits: readonly NamedLimit[],
  maxAnswerTokens: number,
  prices: readonly (Price | null)[],
): readonly string[] {
  const price = dearestOf(prices)
  const usage = { prompt_tokens: 0, completion_tokens: maxAnswerTokens }
  const needed = { tokens: maxAnswerTokens, money: price ? costOf(usage, price) : 0 }
  return limits
    .filter(({ max, measure }) => max !== null && max > 0 && max < needed[measure])
    .map(
      ({ name }) =>
        `${name}: leaves no room for a single answer of MAX_ANSWER_TOKENS; raise it, or lower that`,
    )
}
