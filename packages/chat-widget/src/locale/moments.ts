import { dateWords, daysBetween } from './format.js'

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

/** Made once for each language: that takes a browser a millisecond, and every message asks again whenever it changes. */
function timeFormat(options: Intl.DateTimeFormatOptions): (time: number, language: string) => string {
  const formats = new Map<string, Intl.DateTimeFormat>()
  return (time, language) => {
    const format = formats.get(language) ?? new Intl.DateTimeFormat(language, options)
    formats.set(language, format)
    return format.format(time)
  }
}

/** The time of day. */
export const clockTime = timeFormat({ hour: 'numeric', minute: '2-digit' })

/** Day and time in full. */
export const longTime = timeFormat({ dateStyle: 'full', timeStyle: 'short' })
