/**
 * `Retry-After` in milliseconds: whole seconds or an HTTP date (RFC 9110, 10.2.3). `undefined` for anything else.
 * `value` is as `Headers` give it, without spaces around it. Bounded to a day, so that a broken header cannot park a message for ever.
 */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  const text = value ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 86_400_000) : undefined
}
