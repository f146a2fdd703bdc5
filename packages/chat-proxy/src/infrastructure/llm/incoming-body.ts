/** Gets the bytes from `start` to `end`, which are only lent to it. @returns whether to go on */
export type TakeBody = (bytes: Buffer, start: number, end: number) => boolean

/** The connection under a body: what ends it before its time. */
export interface BodySource {
  abort(): void
}

/**
 * The bytes of an answer, handed on as they come off the socket. No stream stands in between: on the way of every token that
 * costs more than all the rest.
 */
export class IncomingBody {
  readonly #source: BodySource
  /** What came before anybody read. */
  #early: Buffer[] = []
  #take: TakeBody | null = null
  #settle: { resolve(): void; reject(error: unknown): void } | null = null
  #end: { readonly error: unknown } | null = null
  #onEnd: () => void = () => {}

  constructor(source: BodySource) {
    this.#source = source
  }

  /**
   * Gives all bytes to `take`, in order, until it answers false or the body ends.
   * @throws what `take` throws, or the failure of the connection
   */
  read(take: TakeBody): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#take = take
      this.#settle = { resolve, reject }
      for (const bytes of this.#early.splice(0)) this.push(bytes, 0, bytes.length)
      if (this.#end) this.#finish(this.#end.error)
    })
  }

  /** Lets what is left of the body pass by for so long as `after` allows, so that the connection can be used again. */
  drain(after: (giveUp: () => void) => () => void): void {
    if (this.#end) return
    this.#onEnd = after(() => this.#source.abort())
  }

  /** @param bytes are only lent, from `start` to `end` */
  push(bytes: Buffer, start: number, end: number): void {
    if (!this.#take) this.#early.push(Buffer.from(bytes.subarray(start, end)))
    if (!this.#take || !this.#settle) return
    try {
      if (!this.#take(bytes, start, end)) this.#finish(null)
    } catch (error) {
      this.#finish(error)
    }
  }

  /** @param error `null` when it ended as it should */
  end(error: unknown): void {
    this.#end = { error }
    this.#onEnd()
    this.#finish(error)
  }

  #finish(error: unknown): void {
    const settle = this.#settle
    this.#settle = null
    if (error === null) settle?.resolve()
    else settle?.reject(error)
  }
}
