import type { LimitState } from '@colloquy/chat-core/protocol'

const COUNTED = ['requests', 'tokens']

/** All names that `limitHeaders` gives. */
export const LIMIT_HEADERS: readonly string[] = COUNTED.flatMap((counted) =>
  ['Limit', 'Remaining', 'Reset'].map((what) => `X-RateLimit-${what}-${counted}`),
)

/** Says of the limit that was reached what OpenAI's headers say, which know requests and tokens. The reset is a span, such as `1m30s`. */
export const limitHeaders = (
  { name, max, remaining, resets_at: resetsAt }: LimitState,
  now: number,
): Readonly<Record<string, string>> => {
  const counted = name.startsWith('tokens_') ? 'tokens' : 'requests'
  return {
    [`x-ratelimit-limit-${counted}`]: String(max),
    [`x-ratelimit-remaining-${counted}`]: String(remaining),
    ...(resetsAt !== null && { [`x-ratelimit-reset-${counted}`]: spanOf(Date.parse(resetsAt) - now) }),
  }
}

/** In whole seconds, rounded up: who comes back then is not early. */
function spanOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  return `${hours > 0 ? `${hours}h` : ''}${hours + minutes > 0 ? `${minutes}m` : ''}${seconds % 60}s`
}

/** The same for whoever reads the message. */
export const limitWords = ({ name, scope, max, remaining }: LimitState): string =>
  ` (${name} of the ${scope}: max ${max}, remaining ${remaining})`
