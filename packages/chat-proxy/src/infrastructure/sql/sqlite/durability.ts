import { SharedSync, type Sync } from './shared-sync.js'

export interface DurabilityOptions {
  /** Of the file in which commits stand. */
  readonly sync: Sync
  /** Brings all that is committed to the disk by another way than `sync`, because a second sync of the same file may lie. */
  readonly restore: () => Promise<void>
  /** Called with `false` when the disk has refused and with `true` when it takes what is written again. */
  readonly onChange?: ((isUsable: boolean) => void) | undefined
}

/** Milliseconds after which a disk that refuses is tried again. */
const AGAIN_MS = 500

/**
 * Tells when commits are on the disk. The disk is waited for by another thread, never by this one; one sync serves all commits
 * that came before it. A sync that failed tells nothing of what comes after it, since the system takes for written what it
 * could not write: from then on nothing is durable until `restore` has succeeded.
 */
export class Durability {
  readonly #options: DurabilityOptions
  readonly #shared: SharedSync
  #failure: Error | null = null
  #again: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: DurabilityOptions) {
    this.#options = options
    this.#shared = new SharedSync(() => this.#sync())
  }

  /** Resolves when all that was committed before the call is on the disk. @throws Error of the file system: it may not be there */
  confirm(): Promise<void> {
    return this.#shared.request()
  }

  /** Refuses `work` while the disk takes nothing. @throws Error of the file system · what `work` throws */
  guard<T>(work: () => Promise<T>): Promise<T> {
    return this.#failure ? Promise.reject(this.#failure) : work()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
  }

  async #sync(): Promise<void> {
    if (this.#failure) throw this.#failure
    try {
      await this.#options.sync()
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error('The disk refuses.', { cause: error })
      this.#options.onChange?.(false)
      void this.#restore()
      throw this.#failure
    }
  }

  async #restore(): Promise<void> {
    try {
      await this.#options.restore()
      this.#failure = null
      this.#options.onChange?.(true)
    } catch {
      if (!this.#isClosed) this.#again = setTimeout(() => void this.#restore(), AGAIN_MS).unref()
    }
  }
}
