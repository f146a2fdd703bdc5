import { DomainError } from '../../domain/errors.js'

export interface AnswerGuardOptions {
  /** Asks the server something that it answers at once, over whatever way is surest. */
  readonly probe: () => Promise<unknown>
  /** Milliseconds that the probe has for its answer. Default 400. */
  readonly probeTimeout?: number
  /** What to tell whoever is refused. */
  readonly detail: string
  /** Called with `false` when the server no longer answers and with `true` when it does again; never twice in a row with the same. */
  readonly onChange?: (answers: boolean) => void
}

/** Milliseconds without an answer after which the probe is sent. */
const PATIENCE_MS = 400
const PROBE_TIMEOUT_MS = 400
/** How often a server that did not answer is asked again. */
const PROBE_MS = 250

/**
 * Keeps a server that accepts everything and answers nothing from holding anybody up. Work that gets no answer makes it send
 * a probe; when that gets none either, all work under way and all that comes fails at once, until a probe is answered. A
 * statement that merely takes long is left alone, because the probe beside it is answered.
 */
export class AnswerGuard {
  readonly #options: AnswerGuardOptions
  readonly #waiting = new Set<Waiting>()
  #answers = true
  #isClosed = false
  #timer: NodeJS.Timeout | null = null

  constructor(options: AnswerGuardOptions) {
    this.#options = options
  }

  get answers(): boolean {
    return this.#answers
  }

  /** @throws DomainError `store-unavailable` · what `work` throws */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#answers) return Promise.reject(this.#refusal())
    return new Promise((resolve, reject) => {
      const entry: Waiting = { since: performance.now(), giveUp: () => reject(this.#refusal()) }
      this.#waiting.add(entry)
      this.#lookLater(PATIENCE_MS)
      work()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(entry))
    })
  }

  /** The server is a new one, or reached over a new connection. */
  trust(): void {
    this.#learn(true)
  }

  /** Sends no more probes. */
  close(): void {
    this.#isClosed = true
    if (this.#timer) clearTimeout(this.#timer)
  }

  #lookLater(ms: number): void {
    if (this.#isClosed) return
    this.#timer ??= setTimeout(() => void this.#look(), ms).unref()
  }

  async #look(): Promise<void> {
    const [oldest] = this.#waiting
    const waited = oldest ? performance.now() - oldest.since : 0
    const isSuspect = !this.#answers || waited >= PATIENCE_MS
    if (isSuspect) this.#learn(await this.#isAnswered())
    this.#timer = null
    if (!this.#answers) this.#lookLater(PROBE_MS)
    else if (this.#waiting.size > 0) this.#lookLater(isSuspect ? PATIENCE_MS : PATIENCE_MS - waited)
  }

  #learn(answers: boolean): void {
    if (this.#isClosed || answers === this.#answers) return
    this.#answers = answers
    this.#options.onChange?.(answers)
    if (answers) return
    for (const waiting of this.#waiting) waiting.giveUp()
    this.#waiting.clear()
  }

  /** When this process stood still meanwhile, its probe had no time for an answer and is sent once more. */
  async #isAnswered(): Promise<boolean> {
    const { probeTimeout = PROBE_TIMEOUT_MS } = this.#options
    const sent = performance.now()
    if (await this.#probe(probeTimeout)) return true
    const late = performance.now() - sent - probeTimeout
    return late > PATIENCE_MS && this.#probe(probeTimeout)
  }

  #probe(timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
      // The answer may be there already and only unread, because this process had much to do: it is read before the verdict.
      const timer = setTimeout(() => setImmediate(() => resolve(false)), timeout).unref()
      this.#options
        .probe()
        .then(
          () => resolve(true),
          () => resolve(false),
        )
        .finally(() => clearTimeout(timer))
    })
  }

  #refusal(): DomainError {
    return new DomainError('store-unavailable', this.#options.detail, { retryAfter: 1 })
  }
}

interface Waiting {
  readonly since: number
  giveUp(): void
}
