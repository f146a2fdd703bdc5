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

/** When something was used last: minutes and hours of today in words, then yesterday, the weekday, the date. */
export function relativeTime(time: number, now: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const minutes = Math.max(0, Math.floor((now - time) / 60_000))
  if (minutes < 1) return words.format(0, 'second')
  if (minutes < 60) return words.format(-minutes, 'minute')
  const days = daysBetween(time, now)
  if (days === 0) return words.format(-Math.floor(minutes / 60), 'hour')
  return days === 1 ? words.format(-1, 'day') : dateWords(time, now, language)
}

/** The heading of the messages of one day: today, yesterday, the weekday, the date. */
export function dayWords(time: number, now: number, language: string): string {
  const days = daysBetween(time, now)
  if (days > 1) return dateWords(time, now, language)
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.max(0, days), 'day')
}

/** The weekday for the last six days, else the date, with the year where it is another one. */
function dateWords(time: number, now: number, language: string): string {
  if (daysBetween(time, now) < 7) return new Intl.DateTimeFormat(language, { weekday: 'long' }).format(time)
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  const format: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric' }
  return new Intl.DateTimeFormat(language, isThisYear ? format : { ...format, year: 'numeric' }).format(time)
}

/** Days in the visitor's own time zone; 0 for the same one. */
export const daysBetween = (time: number, now: number): number =>
  Math.round((startOfDay(now) - startOfDay(time)) / DAY_MS)

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0)

/** The time of day. */
export const clockTime = (time: number, language: string): string =>
  new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(time)

/** Day and time in full. */
export const longTime = (time: number, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' }).format(time)

export const formatNumber = (value: number, language: string): string =>
  new Intl.NumberFormat(language).format(value)
