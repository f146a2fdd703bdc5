import type { ServerResponse } from 'node:http'

/**
 * One request, from its arrival until its answer has ended or the client is gone. The answer may leave the response, and then
 * nothing here keeps it.
 */
export class Visit {
  readonly #gone = new AbortController()
  readonly #onOver: (() => void)[] = []
  #response: ServerResponse | null
  #status = 0

  constructor(response: ServerResponse) {
    this.#response = response
    response.once('close', () => {
      if (this.#response) this.#end(response.writableFinished)
    })
  }

  /** Aborts when the client went away before the answer was complete. */
  get signal(): AbortSignal {
    return this.#gone.signal
  }

  /** Of the answer, as far as it is known. */
  get status(): number {
    return this.#response?.statusCode ?? this.#status
  }

  onOver(listener: () => void): void {
    this.#onOver.push(listener)
  }

  /** The head is written, and the response has no part in what follows. @returns to be called at the end; `isWhole`: the client got all of it */
  leaveResponse(): (isWhole: boolean) => void {
    this.#status = this.status
    this.#response = null
    return (isWhole) => this.#end(isWhole)
  }

  #end(isWhole: boolean): void {
    if (!isWhole) this.#gone.abort()
    for (const listener of this.#onOver.splice(0)) listener()
  }
}
