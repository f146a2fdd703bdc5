import type { Part } from '../chat-client/part.js'
import { keepInStep } from './keep-in-step.js'
import type { TabNews, Tabs } from './tabs.js'

export interface BrowserTabsOptions {
  /** Names the chat; tabs with the same name and origin are in step. Use the storage's name. */
  readonly name: string
  /** Default: `navigator.locks`. */
  readonly locks?: Pick<LockManager, 'request'>
  /** Default: a `BroadcastChannel`. */
  readonly channel?: Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'removeEventListener'>
}

/**
 * Keeps the tabs of one browser in step, over the Web Locks API and BroadcastChannel. Where a browser lacks one of them, each
 * tab is on its own: every one then reads the stream by itself, which costs a connection and nothing else.
 */
export function createTabs(options: BrowserTabsOptions): Part<void> {
  const tabs = browserTabs(options)
  return tabs ? keepInStep(tabs) : () => {}
}

/** `null` where the browser lacks what it takes. */
function browserTabs(options: BrowserTabsOptions): Tabs | null {
  const locks = options.locks ?? globalThis.navigator?.locks
  const channel = options.channel ?? newChannel(options.name)
  if (!locks || !channel) return null
  const lockName = (name: string): string => `${options.name}/${name}`
  return {
    lead: async (name, signal, task) => {
      // A lock callback's own failure must reach the caller and not the lock manager's bookkeeping.
      let outcome: { value: Awaited<ReturnType<typeof task>> } | { error: unknown } | undefined
      await locks.request(lockName(name), { signal }, async () => {
        outcome = await task().then(
          (value) => ({ value: value as Awaited<ReturnType<typeof task>> }), // `task` resolves with its own type
          (error: unknown) => ({ error }),
        )
      })
      if (!outcome) throw signal.reason
      if ('error' in outcome) throw outcome.error
      return outcome.value
    },
    tell: (news) => channel.postMessage(news),
    listen(listener) {
      const onMessage = (event: MessageEvent<TabNews>): void => listener(event.data)
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
  }
}

function newChannel(name: string): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name)
}
