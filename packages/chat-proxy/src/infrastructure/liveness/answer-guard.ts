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

/**
 * The guard looks so often, and counts its looks instead of the time between them: what has come is read before each, and
 * a process that stands still or gets little of the machine looks seldom, so that its own lateness is held against no server.
 */
const LOOK_MS = 100
/** Looks without a word of the server after which the probe is sent. */
const PATIENCE = 4
const PROBE_TIMEOUT_MS = 400

/**
 * Keeps a server that accepts everything and answers nothing from holding anybody up. When there is work and the server says
 * nothing, a probe is sent; when it says nothing to that either, all work under way and all that comes fails at once, until
 * something is heard. A statement that merely takes long is left alone, because the probe beside it is answered.
 */
export class AnswerGuard {
  readonly #options: AnswerGuardOptions
  readonly #patienceWithProbe: number
  readonly #waiting = new Set<() => void>()
  #answers = true
  #isClosed = false
  #silentLooks = 0
  #probe: { looks: number } | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(options: AnswerGuardOptions) {
    this.#options = options
    this.#patienceWithProbe = Math.ceil((options.probeTimeout ?? PROBE_TIMEOUT_MS) / LOOK_MS)
  }

  get answers(): boolean {
    return this.#answers
  }

  /** @throws DomainError `store-unavailable` · what `work` throws */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#answers) return Promise.reject(this.#refusal())
    return new Promise((resolve, reject) => {
      const giveUp = (): void => reject(this.#refusal())
      this.#waiting.add(giveUp)
      this.#lookLater()
      work()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(giveUp))
    })
  }

  /** The server has said something, to whomever, over a connection that serves. */
  heard(): void {
    this.#silentLooks = 0
    this.#probe = null
    this.#learn(true)
  }

  /** Sends no more probes. */
  close(): void {
    this.#isClosed = true
    if (this.#timer) clearTimeout(this.#timer)
  }

  #lookLater(): void {
    if (this.#isClosed) return
    // An answer may be there already and only unread, because this process had much to do: it is read before the look.
    this.#timer ??= setTimeout(() => setImmediate(() => this.#look()), LOOK_MS).unref()
  }

  #look(): void {
    this.#timer = null
    if (this.#answers && this.#waiting.size === 0) {
      this.#silentLooks = 0
      return
    }
    this.#silentLooks += 1
    if (this.#silentLooks >= PATIENCE) this.#ask()
    this.#lookLater()
  }

  /** One probe at a time. One that was given up may still be answered, and counts then. */
  #ask(): void {
    if (!this.#probe) return this.#sendProbe()
    this.#probe.looks += 1
    if (this.#probe.looks < this.#patienceWithProbe) return
    this.#probe = null
    this.#learn(false)
  }

  #sendProbe(): void {
    const probe = { looks: 0 }
    this.#probe = probe
    this.#options.probe().then(
      () => this.heard(),
      () => {
        if (this.#probe !== probe) return
        this.#probe = null
        this.#learn(false)
      },
    )
  }

  #learn(answers: boolean): void {
    if (this.#isClosed || answers === this.#answers) return
    this.#answers = answers
    this.#options.onChange?.(answers)
    if (answers) return
    for (const giveUp of this.#waiting) giveUp()
    this.#waiting.clear()
  }

  #refusal(): DomainError {
    return new DomainError('store-unavailable', this.#options.detail, { retryAfter: 1 })
  }
}
