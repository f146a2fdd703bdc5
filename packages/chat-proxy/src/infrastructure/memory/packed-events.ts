import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'

/** Text of the answer, which nearly all events are, stands for itself. */
type Entry = string | Exclude<RunEvent, { type: 'text-delta' }>

/** Few enough that those that are not packed weigh little, and that who reads live nearly always finds what is new among them. */
const PAGE = 16

/** The events of one log in little room: all but the newest stand as JSON, so many on a page, in a tenth of what objects take. */
export class PackedEvents {
  /** Full ones, each an array of entries as JSON. */
  readonly #pages: string[] = []
  /** The entries behind them. */
  #newest: Entry[] = []

  /** How many there are: the sequence number of the newest. */
  get length(): number {
    return this.#pages.length * PAGE + this.#newest.length
  }

  get isClosed(): boolean {
    const newest = this.#newest.at(-1)
    return typeof newest === 'object' && newest.type === 'closed'
  }

  /** @returns its sequence number */
  append(event: RunEvent): number {
    // Before, and not after, so that the newest is at hand.
    if (this.#newest.length === PAGE) this.#pack()
    this.#newest.push(event.type === 'text-delta' ? event.text : event)
    return this.length
  }

  /** What comes after `seq`, at most `limit` events. */
  after(seq: number, limit: number): readonly LoggedEvent[] {
    const end = Math.min(seq + limit, this.length)
    const packed = this.#pages.length * PAGE
    // Who reads live finds what is new here.
    if (seq >= packed) return loggedFrom(seq, this.#newest.slice(seq - packed, end - packed))
    const events: LoggedEvent[] = []
    for (let place = seq; place < end; place = seq + events.length) {
      const page = Math.floor(place / PAGE)
      const entries = this.#entries(page).slice(place % PAGE, end - page * PAGE)
      events.push(...loggedFrom(place, entries))
    }
    return events
  }

  #pack(): void {
    this.#pages.push(JSON.stringify(this.#newest))
    this.#newest = []
  }

  #entries(page: number): readonly Entry[] {
    const packed = this.#pages[page]
    if (packed === undefined) return this.#newest
    // Only `#pack` writes these pages.
    const entries: Entry[] = JSON.parse(packed)
    return entries
  }
}

const loggedFrom = (seq: number, entries: readonly Entry[]): readonly LoggedEvent[] =>
  entries.map((entry, index) => ({ seq: seq + index + 1, event: eventOf(entry) }))

const eventOf = (entry: Entry): RunEvent =>
  typeof entry === 'string' ? { type: 'text-delta', text: entry } : entry
