import type { ControlSignals } from '../../domain/ports/control.js'

/** Between what shares this object; other processes find out when they look. */
export class MemoryControlSignals implements ControlSignals {
  readonly #listeners = new Set<() => void>()

  announce(): Promise<void> {
    for (const listener of this.#listeners) listener()
    return Promise.resolve()
  }

  onAnnounced(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  /** Nothing of other processes. */
  isHeard(): boolean {
    return false
  }
}
