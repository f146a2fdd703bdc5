import type { ChatError } from '@colloquy/chat-core'
import { isLimit } from '../limits/deadline.js'
import type { ChatStrings, ErrorWords, LimitName } from './strings.js'

const DAY_MS = 86_400_000

/**
 * The words for an error.
 * @param left milliseconds until a retry makes sense; 0 when that time has come, null when nobody knows
 */
export function errorWords(error: ChatError, strings: ChatStrings, left: number | null): ErrorWords {
  if (error.code === 'upstream' && error.unanswered) return strings.unreachable
  const wait = left === null ? null : waitWords(left, strings)
  const { what, next } = strings.errors[error.code](wait)
  if (isLimit(error))
    return { what: limitWords(error, strings) ?? what, next: left === 0 ? strings.waitOver : next }
  // The model's provider asked for it; who comes sooner is turned away again.
  return { what, next: wait !== null && left !== 0 ? strings.waiting(wait) : next }
}

/** A server newer than this widget may know more limits than there are words for. */
function limitWords({ limit }: ChatError, { limits }: ChatStrings): string | null {
  const isKnown = (name: string): name is LimitName => Object.hasOwn(limits, name)
  return limit && isKnown(limit.name) ? limits[limit.name] : null
}

/** How long to wait: a clock for what can be waited for, else hours and days in words. */
export function waitWords(milliseconds: number, { language, inTime }: ChatStrings): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000))
  if (seconds < 3_600) return inTime(clock(seconds, language))
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'always' })
  const hours = Math.ceil(seconds / 3_600)
  return hours <= 48 ? words.format(hours, 'hour') : words.format(Math.ceil(hours / 24), 'day')
}

/** Minutes and seconds, as in 4:07. */
function clock(seconds: number, language: string): string {
  const twoDigits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2 })
  return `${formatNumber(Math.floor(seconds / 60), language)}:${twoDigits.format(seconds % 60)}`
}

/** The heading of the messages of one day: today, yesterday, the weekday, the date. */
export function dayWords(time: number, now: number, language: string): string {
  const days = daysBetween(time, now)
  if (days > 1) return dateWords(time, now, language)
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.max(0, days), 'day')
}

/** The weekday for the last six days, else the date, with the year where it is another one. */
export function dateWords(time: number, now: number, language: string): string {
  if (daysBetween(time, now) < 7) return new Intl.DateTimeFormat(language, { weekday: 'long' }).format(time)
  const isThisYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  const format: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric' }
  return new Intl.DateTimeFormat(language, isThisYear ? format : { ...format, year: 'numeric' }).format(time)
}

/** Days in the visitor's own time zone; 0 for the same one. */
export const daysBetween = (time: number, now: number): number =>
  Math.round((startOfDay(now) - startOfDay(time)) / DAY_MS)

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0)

export const formatNumber = (value: number, language: string): string =>
  new Intl.NumberFormat(language).format(value)
