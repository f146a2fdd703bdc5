import type { Token, Tokens } from 'marked'

/** A heading that knows where it stands in the outline of its answer: 1 is the topmost. */
export interface LevelledHeading extends Tokens.Heading {
  readonly level: number
}

/**
 * Headings with the level that they have in the outline: never more than one below the heading before. Models begin with
 * `###` as they like; somebody who goes from heading to heading by ear must not look for two that are not there.
 *
 * @param last level of the heading before the first of `tokens`, 0 for none
 */
export function withLevels(tokens: readonly Token[], last: number): Token[] {
  let level = last
  return tokens.map((token) => {
    if (token.type !== 'heading') return token
    const { depth } = token as Tokens.Heading // no extensions are loaded
    level = Math.min(depth, level + 1)
    return { ...token, level }
  })
}

/** The level of the last heading among `tokens`, or `before` when there is none. */
export function lastLevel(tokens: readonly Token[], before: number): number {
  const heading = tokens.findLast(isLevelled)
  return heading ? heading.level : before
}

export const isLevelled = (token: Token): token is LevelledHeading =>
  token.type === 'heading' && 'level' in token
