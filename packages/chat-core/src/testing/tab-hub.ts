import type { TabNews, Tabs } from '../tabs/tabs.js'

/** Several tabs of one browser in one process: locks are handed on in order, news reach all others. */
export class TabHub {
  readonly #queues = new Map<string, Promise<void>>()
  readonly #tabs = new Set<Set<(news: TabNews) => void>>()

  /** A new tab. `kill` lets go of its locks and ears at once, as a crash does. */
  open(): { tabs: Tabs; kill(): void } {
    const listeners = new Set<(news: TabNews) => void>()
    const death = new AbortController()
    const silence = new AbortController()
    this.#tabs.add(listeners)
    const tabs: Tabs = {
      lead: (name, signal, task) => this.#lead(name, [signal, death.signal], task),
      tell: (news) => {
        if (silence.signal.aborted) return
        for (const other of this.#tabs)
          if (other !== listeners) [...other].forEach((listener) => listener(structuredClone(news)))
      },
      listen(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      close: () => silence.abort(),
    }
    silence.signal.addEventListener('abort', () => this.#tabs.delete(listeners))
    const kill = (): void => {
      silence.abort()
      death.abort(new Error('The tab is gone.'))
    }
    return { tabs, kill }
  }

  async #lead<T>(
    name: string,
    [signal, death]: readonly [AbortSignal, AbortSignal],
    task: () => Promise<T>,
  ): Promise<T> {
    const before = this.#queues.get(name) ?? Promise.resolve()
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    this.#queues.set(
      name,
      before.then(() => held),
    )
    try {
      await Promise.race([before, abortOf(signal), abortOf(death)])
      // Whoever has the lock keeps it until the task is done; only a crash takes it away.
      return await Promise.race([task(), abortOf(death)])
    } finally {
      release()
    }
  }
}

const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
