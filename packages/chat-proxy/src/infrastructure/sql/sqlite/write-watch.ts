import { isRefusedByDisk } from './sqlite-failures.js'

export interface WriteWatchOptions {
  /** Writes the least that can be written. */
  readonly probe: () => Promise<unknown>
  /** Called with `false` when the disk refuses what is written, and with `true` when it takes it again. */
  readonly onChange: (takesWrites: boolean) => void
}

/** Milliseconds after which a disk that refuses is tried again. */
const AGAIN_MS = 500

/**
 * Notices that the disk is full or cannot be written any more: what is there can still be read, so that nothing else would tell. Only a
 * probe says that it is over, since a transaction may succeed that had nothing to write.
 */
export class WriteWatch {
  readonly #options: WriteWatchOptions
  #takesWrites = true
  #again: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: WriteWatchOptions) {
    this.#options = options
  }

  get takesWrites(): boolean {
    return this.#takesWrites
  }

  /** Throws what `work` throws. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isRefusedByDisk(error)) this.#refused()
      throw error
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
  }

  #refused(): void {
    if (!this.#takesWrites || this.#isClosed) return
    this.#takesWrites = false
    this.#options.onChange(false)
    this.#probeLater()
  }

  #probeLater(): void {
    if (!this.#isClosed) this.#again = setTimeout(() => void this.#probe(), AGAIN_MS).unref()
  }

  async #probe(): Promise<void> {
    try {
      await this.#options.probe()
    } catch {
      return this.#probeLater()
    }
    this.#takesWrites = true
    this.#options.onChange(true)
  }
}
