import type { Part } from '../chat-client/part.js'
import { keepInStep } from './keep-in-step.js'
import type { TabNews, Tabs } from './tabs.js'

export interface BrowserTabsOptions {
  /** Names the chat; tabs with the same name and origin are in step. Use the storage's name. */
  readonly name: string
  /** Default: `navigator.locks`. */
  readonly locks?: Pick<LockManager, 'request'>
  /** Closed together with the client. Default: a new `BroadcastChannel`. */
  readonly channel?: Pick<
    BroadcastChannel,
    'postMessage' | 'addEventListener' | 'removeEventListener' | 'close'
  >
}

/**
 * Keeps the tabs of one browser in step, over the Web Locks API and BroadcastChannel. Where a browser lacks or denies one of
 * them, each tab is on its own: every one then reads the stream by itself, which costs a connection and nothing else.
 */
export function createTabs(options: BrowserTabsOptions): Part<void> {
  // A closed channel is of no use to the next client, so each client has its own.
  return (core) => {
    const tabs = browserTabs(options)
    if (tabs) keepInStep(tabs)(core)
  }
}

/** `null` where the browser lacks what it takes. */
function browserTabs(options: BrowserTabsOptions): Tabs | null {
  const locks = options.locks ?? globalThis.navigator?.locks
  const channel = locks && (options.channel ?? newChannel(options.name))
  if (!locks || !channel) return null
  let isClosed = false
  return {
    lead: (name, signal, task) => underLock(locks, `${options.name}/${name}`, signal, task),
    tell(news) {
      if (!isClosed) channel.postMessage(news)
    },
    listen(listener) {
      const onMessage = (event: MessageEvent<TabNews>): void => listener(event.data)
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
    close() {
      isClosed = true
      channel.close()
    },
  }
}

async function underLock<T>(
  locks: Pick<LockManager, 'request'>,
  name: string,
  signal: AbortSignal,
  task: () => Promise<T>,
): Promise<T> {
  let running: Promise<T> | undefined
  try {
    await locks.request(name, { signal }, async () => {
      running = task()
      // The task's own failure must reach the caller and not the lock manager's bookkeeping.
      await running.catch(() => {})
    })
  } catch {
    // Locks are denied, as they are in a sandboxed frame: then this page leads by itself.
    if (!signal.aborted) running ??= task()
  }
  if (!running) throw signal.reason
  return running
}

function newChannel(name: string): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name)
}
