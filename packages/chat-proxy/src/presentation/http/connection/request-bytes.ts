const END_OF_HEAD = Buffer.from('\r\n\r\n')

/** Counts the bytes of a request without a transfer coding, to tell whether it is all that came. */
export class RequestBytes {
  #received = 0
  /** `null` while the end of the head has not come. */
  #head: number | null = null
  /** The end may have begun in them. */
  #last: Buffer = Buffer.alloc(0)

  add(chunk: Buffer): void {
    const before = this.#received
    this.#received += chunk.length
    if (this.#head !== null) return
    const bytes = this.#last.length === 0 ? chunk : Buffer.concat([this.#last, chunk])
    const at = bytes.indexOf(END_OF_HEAD)
    if (at >= 0) this.#head = before - this.#last.length + at + END_OF_HEAD.length
    this.#last = at >= 0 ? Buffer.alloc(0) : bytes.subarray(1 - END_OF_HEAD.length)
  }

  /** Whether head and body, and nothing else, have come. */
  isJust(bodyLength: number): boolean {
    return this.#head !== null && this.#received === this.#head + bodyLength
  }
}
