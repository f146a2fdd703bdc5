/** Writes the body of a response whose head has been written. */
export interface BodyWriter {
  /** @returns false when the client has not taken what was written before; it is kept meanwhile */
  write(text: string): boolean
  /** The client has not taken everything yet. */
  readonly isFull: boolean
  /** Resolves when the client has taken everything, or is gone. */
  drained(): Promise<void>
  end(): void
}
