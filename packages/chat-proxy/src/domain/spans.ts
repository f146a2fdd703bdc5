/** What a quota is counted over. Both begin at midnight of some time zone. */
export type SpanKind = 'day' | 'month'

/** Milliseconds since 1970; `end` is the first moment that no longer belongs to it. */
export interface Span {
  readonly start: number
  readonly end: number
}

interface CalendarDay {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
}

/** Finding one takes a while, and nearly every question is about the one that was found last. */
const known = new Map<string, Span>()

/** The day or month of a time zone that a moment falls into. Days of 23 and 25 hours are days. */
export function spanAt(kind: SpanKind, timeZone: string, now: number): Span {
  const key = `${kind} ${timeZone}`
  const last = known.get(key)
  if (last && last.start <= now && now < last.end) return last
  const span = findSpan(kind, timeZone, now)
  known.set(key, span)
  return span
}

function findSpan(kind: SpanKind, timeZone: string, now: number): Span {
  const { year, month, day } = calendarDay(now, timeZone)
  return kind === 'day'
    ? { start: midnight(year, month, day, timeZone), end: midnight(year, month, day + 1, timeZone) }
    : { start: midnight(year, month, 1, timeZone), end: midnight(year, month + 1, 1, timeZone) }
}

/** Whether the platform knows the zone by this IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    formatFor(name)
    return true
  } catch {
    return false
  }
}

/**
 * The first moment of a calendar day. Where clocks skip midnight itself, it is the first one after the gap.
 * Days and months beyond the last one of their month or year run on into the next.
 */
function midnight(year: number, month: number, day: number, timeZone: string): number {
  const utc = Date.UTC(year, month - 1, day)
  const wanted = new Date(utc)
  // No zone is further than a day from UTC; in between is the first moment whose local date is the wanted one, or later.
  let before = utc - DAY_MS
  let after = utc + DAY_MS
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (isBefore(calendarDay(middle, timeZone), wanted)) before = middle
    else after = middle
  }
  return after
}

const DAY_MS = 86_400_000

const isBefore = ({ year, month, day }: CalendarDay, wanted: Date): boolean =>
  Date.UTC(year, month - 1, day) < wanted.getTime()

function calendarDay(at: number, timeZone: string): CalendarDay {
  const parts = formatFor(timeZone).formatToParts(at)
  const valueOf = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  return { year: valueOf('year'), month: valueOf('month'), day: valueOf('day') }
}

/** Making one costs far more than using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const made = formats.get(timeZone)
  if (made) return made
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  formats.set(timeZone, format)
  return format
}
