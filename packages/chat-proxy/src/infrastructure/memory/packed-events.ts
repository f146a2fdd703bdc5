import type { LoggedEvent, RunEvent } from '../../domain/run-event.js'

type Delta = Extract<RunEvent, { type: 'text-delta' | 'reasoning-delta' }>

/**
 * Events that nobody is just reading, in a tenth of the room: a piece of text is a number in two arrays and its letters in one
 * text for all. What is no piece of text stands for itself.
 */
export class PackedEvents {
  readonly #firstSeq: number
  readonly #firstAt: number
  /** Milliseconds after the first; before it, when the clock was set back. */
  readonly #times: Int32Array
  /** Where each piece ends in `#text`. */
  readonly #ends: Uint32Array
  readonly #text: string
  readonly #isReasoning: boolean
  readonly #others: ReadonlyMap<number, RunEvent>

  /** @param events one after the other, at least one */
  constructor(events: readonly LoggedEvent[]) {
    const [first] = events
    this.#firstSeq = first?.seq ?? 1
    this.#firstAt = first?.at ?? 0
    this.#times = Int32Array.from(events, ({ at }) => at - this.#firstAt)
    const type = events.map(({ event }) => event).find(isDelta)?.type
    this.#isReasoning = type === 'reasoning-delta'
    const others = new Map<number, RunEvent>()
    const pieces: string[] = []
    let length = 0
    this.#ends = Uint32Array.from(events, ({ event }, index) => {
      if (!isDelta(event) || event.type !== type) others.set(index, event)
      else {
        pieces.push(event.text)
        length += event.text.length
      }
      return length
    })
    // A copy of the letters, so that the pieces, and what they were cut from, can go.
    this.#text = pieces.join('')
    this.#others = others
  }

  at(index: number): LoggedEvent {
    const start = index === 0 ? 0 : (this.#ends[index - 1] ?? 0)
    const text = this.#text.slice(start, this.#ends[index])
    const event = this.#others.get(index) ?? this.#delta(text)
    return { seq: this.#firstSeq + index, at: this.#firstAt + (this.#times[index] ?? 0), event }
  }

  #delta(text: string): Delta {
    return this.#isReasoning ? { type: 'reasoning-delta', text } : { type: 'text-delta', text }
  }
}

const isDelta = (event: RunEvent): event is Delta =>
  event.type === 'text-delta' || event.type === 'reasoning-delta'
