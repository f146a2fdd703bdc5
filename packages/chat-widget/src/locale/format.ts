import type { ChatError } from '@colloquy/chat-core'
import type { ChatStrings, ErrorWords } from './strings.js'

const DAY_MS = 86_400_000

/** The words for an error, with the time to wait where it is known. */
export function errorWords(error: ChatError, strings: ChatStrings): ErrorWords {
  if (error.code === 'upstream' && error.unanswered) return strings.unreachable
  return strings.errors[error.code](
    error.retryAfter === undefined ? null : waitWords(error.retryAfter, strings.language),
  )
}

function waitWords(milliseconds: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always' })
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000))
  if (seconds < 90) return format.format(seconds, 'second')
  if (seconds < 5_400) return format.format(Math.ceil(seconds / 60), 'minute')
  return format.format(Math.ceil(seconds / 3_600), 'hour')
}

/** The time of day for today, else the date. */
export function shortTime(time: number, now: number, language: string): string {
  const isToday = now - time < DAY_MS && new Date(time).getDate() === new Date(now).getDate()
  const format: Intl.DateTimeFormatOptions = isToday
    ? { hour: 'numeric', minute: '2-digit' }
    : { month: 'short', day: 'numeric' }
  return new Intl.DateTimeFormat(language, format).format(time)
}

export const formatNumber = (value: number, language: string): string =>
  new Intl.NumberFormat(language).format(value)
