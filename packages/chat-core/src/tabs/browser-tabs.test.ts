import { afterEach, describe, expect, it, vi } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { createTabs, type BrowserTabsOptions } from './index.js'

type Locks = NonNullable<BrowserTabsOptions['locks']>
type Channel = NonNullable<BrowserTabsOptions['channel']>

/** A channel to nobody, which refuses to speak once it is closed, as a `BroadcastChannel` does. */
class LonelyChannel extends EventTarget implements Channel {
  isClosed = false
  told = 0
  postMessage(): void {
    if (this.isClosed) throw new DOMException('The channel is closed.', 'InvalidStateError')
    this.told += 1
  }
  close(): void {
    this.isClosed = true
  }
}

/** Locks of a browser in which nobody else wants any. */
const freeLocks: Locks = {
  // The overloads of the contract come down to the two forms in which the package calls it.
  request: (async (name: string, _options: LockOptions, task: (lock: Lock) => Promise<unknown>) =>
    task({ name, mode: 'exclusive' })) as Locks['request'],
}

/** Locks of a browser in which another page has them all. */
const takenLocks: Locks = {
  request: ((_name: string, { signal }: LockOptions) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    })) as Locks['request'], // as above
}

function scene(options: Partial<BrowserTabsOptions>) {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform })
  const channel = new LonelyChannel()
  const tabs = createTabs({ name: 'chat', locks: freeLocks, channel, ...options })
  const open = () =>
    createChatClient({ baseUrl: 'https://chat.test', fetch: proxy.fetch, platform, parts: { tabs } })
  return { platform, proxy, channel, open }
}

describe('tabs over Web Locks and BroadcastChannel', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it.each<[string, Locks]>([
    ['refused', { request: () => Promise.reject(new DOMException('Denied.', 'SecurityError')) }],
    [
      'refused at the call',
      {
        request: () => {
          throw new DOMException('Denied.', 'SecurityError')
        },
      },
    ],
  ])('ask and answer where locks are %s, as in a sandboxed frame', async (_name, locks) => {
    const { platform, proxy, open } = scene({ locks })
    const client = open()
    const first = client.send('One')
    const second = client.send('Two')
    await platform.settle()
    expect([(await first).status, (await second).status]).toEqual(['done', 'done'])
    expect(proxy.generations).toBe(2)
  })

  it.each<[string, Partial<BrowserTabsOptions>]>([
    ['BroadcastChannel', { locks: freeLocks }],
    ['navigator', { channel: new LonelyChannel() }],
  ])('are left out in a browser without %s', async (missing, options) => {
    vi.stubGlobal(missing, undefined)
    const platform = createFakePlatform()
    const { fetch } = new ScriptedProxy({ platform })
    const tabs = createTabs({ name: 'chat', ...options })
    const outcome = createChatClient({ baseUrl: 'https://chat.test', fetch, platform, parts: { tabs } }).send(
      'Hello',
    )
    await platform.settle()
    expect((await outcome).status).toBe('done')
  })

  it('tell what an answer failed of, and not that its lock did', async () => {
    const { platform, proxy, open } = scene({})
    proxy.fault = (request) => (request.endsWith('/messages') ? { kind: 'status', status: 422 } : null)
    const outcome = open().send('Hello')
    await platform.settle()
    expect((await outcome).error?.code).toBe('policy')
  })

  it('end with their client, and not before', async () => {
    const { platform, channel, open } = scene({})
    const client = open()
    void client.send('One')
    await platform.settle()
    expect(channel.told).toBeGreaterThan(0)
    expect(channel.isClosed).toBe(false)
    void client.send('Two')
    await platform.advance(30)
    client.destroy()
    expect(channel.isClosed).toBe(true)
    await platform.settle()
    expect(platform.pendingTimers()).toBe(0)
  })

  it('let a page stop waiting for a lock that another one holds', async () => {
    const { platform, proxy, open } = scene({ locks: takenLocks })
    const client = open()
    const outcome = client.send('Hello')
    await platform.advance(1000)
    client.destroy()
    expect(await outcome).toMatchObject({ status: 'failed', error: { code: 'aborted' } })
    expect(proxy.generations).toBe(0)
  })
  it('begin no session of their own when they have waited too long for the one that another page begins', async () => {
    const { platform, proxy, open } = scene({ locks: takenLocks })
    const client = open()
    void client.start()
    await platform.advance(30_000)
    expect(client.getSnapshot().error?.code).toBe('timeout')
    expect(proxy.requests).toEqual([])
    client.destroy()
  })
})
