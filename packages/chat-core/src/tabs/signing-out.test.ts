import { describe, expect, it } from 'vitest'
import type { ChatClient } from '../chat-client/chat-client.js'
import { createChatClient } from '../chat-client/create-chat-client.js'
import {
  createHistory,
  createMemoryStorage,
  createWebStorage,
  sharedStorage,
  type ChatStorage,
  type CollectionName,
} from '../history/index.js'
import { createIdentity, type Identity } from '../identity/index.js'
import { createOutbox } from '../outbox/index.js'
import type { Platform, WakeReason } from '../platform/platform.js'
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { seededRandom } from '../testing/seeded-random.js'
import { TabHub } from '../testing/tab-hub.js'
import { keepInStep, type TabNews, type Tabs } from './index.js'

const COLLECTIONS: readonly CollectionName[] = ['conversations', 'messages', 'outbox', 'meta']

/** A page that the browser can freeze: then nothing of it runs, and what it waits for waits for it. */
class Page {
  readonly #listeners = new Set<(reason: WakeReason) => void>()
  #frozen: Promise<void> | null = null
  #thaw = (): void => {}

  constructor(private readonly platform: FakePlatform) {}

  freeze(): void {
    this.#frozen ??= new Promise((resolve) => (this.#thaw = resolve))
  }

  thaw(): void {
    if (!this.#frozen) return
    this.#thaw()
    this.#frozen = null
    for (const listener of this.#listeners) listener('restored')
  }

  get isFrozen(): boolean {
    return this.#frozen !== null
  }

  /** Resolves when so much time is over and the page is not frozen. */
  async after(ms: number): Promise<void> {
    if (ms > 0) await new Promise<void>((resolve) => this.platform.after(ms, resolve))
    while (this.#frozen) await this.#frozen
  }

  asPlatform(): Platform {
    return {
      ...this.platform,
      after: (ms, task) =>
        this.platform.after(ms, () => (this.#frozen ? void this.#frozen.then(task) : task())),
      onWake: (listener) => {
        this.#listeners.add(listener)
        const release = this.platform.onWake(listener)
        return () => {
          this.#listeners.delete(listener)
          release()
        }
      },
    }
  }
}

/** Storage as a page has it: one call after the other, each taking its time on the way and on the way back. */
function onTheWay(page: Page, shared: ChatStorage, takesMs: () => number): ChatStorage {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = async <T>(call: () => Promise<T>): Promise<T> => {
    const arrived = last.then(() => page.after(takesMs())).then(call)
    last = arrived.catch(() => {})
    const result = await arrived
    await page.after(takesMs())
    return result
  }
  return {
    get: (collection, id) => inTurn(() => shared.get(collection, id)),
    list: (collection) => inTurn(() => shared.list(collection)),
    messagesOf: (id) => inTurn(() => shared.messagesOf(id)),
    write: (changes) => inTurn(() => shared.write(changes)),
  }
}

/** What a page's `localStorage` is made of. */
class Area implements Storage {
  readonly #entries = new Map<string, string>()
  get length(): number {
    return this.#entries.size
  }
  readonly key = (index: number): string | null => [...this.#entries.keys()][index] ?? null
  readonly getItem = (key: string): string | null => this.#entries.get(key) ?? null
  readonly setItem = (key: string, value: string): void => void this.#entries.set(key, value)
  readonly removeItem = (key: string): void => void this.#entries.delete(key)
  readonly clear = (): void => this.#entries.clear()
}

interface Tab {
  readonly page: Page
  readonly client: ChatClient & { readonly identity: Identity }
}

type Departure = 'signs out' | 'is nobody any more' | 'is somebody else'

class World {
  readonly platform: FakePlatform
  readonly proxy: ScriptedProxy
  /** To look into. */
  readonly shared: ChatStorage
  readonly storageOf: (page: Page) => ChatStorage
  readonly #hub = new TabHub()
  readonly #random: () => number
  readonly #newsMs: number
  /** Who is here, as the site tells every page; undefined where it never does. */
  #user: string | null | undefined
  tabs: Tab[] = []

  constructor(
    seed: number,
    readonly departure: Departure,
  ) {
    this.#random = seededRandom(seed)
    this.platform = createFakePlatform({ seed })
    this.proxy = new ScriptedProxy({
      platform: this.platform,
      words: (question) => question.split(/(?= )/),
      gapMs: 50,
      heartbeatMs: 1000,
    })
    const area = new Area()
    const memory = createMemoryStorage()
    const takesMs = (): number => this.pick([0, 0, 1, 3])
    const isMemory = this.pick([true, false])
    this.shared = isMemory ? memory : createWebStorage('chat', () => area)
    // A browser answers at once for the latter.
    this.storageOf = (page) =>
      isMemory ? sharedStorage(onTheWay(page, memory, takesMs)) : createWebStorage('chat', () => area)
    this.#newsMs = this.pick([0, 1, 30])
    this.#user = departure === 'signs out' ? undefined : 'user:ann'
  }

  pick<T>(choices: readonly [T, ...T[]] | readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)] as T // none of the lists is empty
  }

  open(): void {
    const { platform, proxy } = this
    const page = new Page(platform)
    const storage = this.storageOf(page)
    const fetch: typeof globalThis.fetch = async (input, init) => {
      await page.after(10)
      const response = await proxy.fetch(input, init)
      await page.after(10)
      init?.signal?.throwIfAborted()
      return response
    }
    const client = createChatClient({
      baseUrl: 'https://chat.test',
      fetch,
      platform: page.asPlatform(),
      parts: {
        identity: createIdentity(),
        history: createHistory({ storage }),
        outbox: createOutbox({ storage }),
        tabs: keepInStep(this.#tabsOf(page)),
      },
    })
    if (this.#user !== undefined) void client.identity.identify(this.#user)
    this.tabs.push({ page, client })
    void client.start()
  }

  /** News take their time, and none reaches a page that is frozen. */
  #tabsOf(page: Page): Tabs {
    const { tabs } = this.#hub.open()
    const listen: Tabs['listen'] = (listener) => {
      let isListening = true
      const onNews = (news: TabNews): void => {
        if (isListening && !page.isFrozen) listener(news)
      }
      const release = tabs.listen((news) =>
        this.#newsMs > 0 ? void this.platform.after(this.#newsMs, () => onNews(news)) : onNews(news),
      )
      return () => {
        isListening = false
        release()
      }
    }
    return { ...tabs, listen }
  }

  async step(): Promise<void> {
    const { platform } = this
    const tab = this.pick(this.tabs)
    const steps: (() => Promise<void> | void)[] = [
      () => void tab.client.send('My secret').catch(() => {}),
      () => void tab.client.stop(),
      () => tab.client.newConversation(),
      () => platform.setOnline(!platform.isOnline()),
      () => this.proxy.break('end'),
      () => this.open(),
      () => {
        tab.client.destroy()
        this.tabs = this.tabs.filter((other) => other !== tab)
        this.open()
      },
      () => tab.page.freeze(),
      () => platform.advance(3_700_000),
    ]
    await this.pick(steps)()
    await platform.advance(this.pick([0, 1, 2, 3, 5, 8, 15, 60, 300]))
  }

  /** They leave from one tab; where the site knows its users, it tells every page, sooner or later. */
  async leave(): Promise<Tab> {
    const awake = this.tabs.filter(({ page }) => !page.isFrozen)
    if (awake.length === 0) {
      this.open()
      await this.platform.advance(this.pick([1, 5, 40]))
      awake.push(...this.tabs.slice(-1))
    }
    const leaver = this.pick(awake)
    if (this.departure === 'signs out') void leaver.client.signOut()
    else {
      const next = (this.#user = this.departure === 'is nobody any more' ? null : 'user:bob')
      void leaver.client.identity.identify(next)
      for (const tab of this.tabs) if (tab !== leaver) void this.#hear(tab, next)
    }
    await this.platform.advance(this.pick([0, 0, 1, 2, 3, 5, 8, 20]))
    return leaver
  }

  async #hear({ page, client }: Tab, user: string | null): Promise<void> {
    await page.after(this.pick([0, 1, 5, 20, 50]))
    await client.identity.identify(user)
  }

  async rest(): Promise<void> {
    this.platform.setOnline(true)
    for (const { page } of this.tabs) page.thaw()
    await this.platform.settle()
    // With the server away nobody could say who that is.
    for (const { client } of this.tabs)
      if (this.#user !== undefined) void client.identity.identify(this.#user)
    await this.platform.settle()
    this.platform.wake('visible')
    await this.platform.settle()
  }

  /** Who can be told from what is kept and shown to have been here. */
  async visitors(): Promise<Set<string>> {
    const kept = (await this.shared.get('meta', 'session'))?.value as { visitor_id?: string } | undefined // as the client wrote it
    const shown = this.tabs.map(({ client }) => client.getSnapshot().session?.visitorId)
    return new Set([kept?.visitor_id, ...shown].filter((id) => id !== undefined))
  }

  async kept(): Promise<string> {
    return JSON.stringify(await Promise.all(COLLECTIONS.map((collection) => this.shared.list(collection))))
  }
}

/** What is left of the person who left: nothing, if all is well. */
async function traces(seed: number, departure: Departure): Promise<string[]> {
  const world = new World(seed, departure)
  const { platform, proxy } = world
  world.open()
  const [first] = world.tabs
  void first?.client.send('My secret')
  await platform.settle()
  world.open()
  world.open()
  await platform.advance(world.pick([0, 1, 2, 3, 4, 6, 10, 30, 100]))
  for (let count = world.pick([0, 1, 2, 5]); count > 0; count -= 1) await world.step()
  const gone = await world.visitors()
  const conversations = new Set(proxy.conversations.keys())
  const leaver = await world.leave()
  // Tabs go on opening, and nobody tells the others to wait.
  if (world.pick([true, false])) world.open()
  await platform.advance(40_000)
  const isGoneFromHere = leaver.client.getSnapshot().messages.length === 0
  if (isGoneFromHere) void leaver.client.send('Fresh').catch(() => {})
  await world.rest()
  const kept = await world.kept()
  const left = [
    ...(kept.includes('secret') ? ['words kept'] : []),
    ...[...gone].filter((id) => kept.includes(`"${id}"`)).map(() => 'session kept'),
    ...[...conversations].filter((id) => kept.includes(`"${id}"`)).map(() => 'conversation kept'),
    // Who somebody else is only the server can say, and it may be away.
    ...(isGoneFromHere || departure === 'is somebody else' ? [] : ['still shown to the next']),
    ...(departure === 'signs out' && !kept.includes('Fresh') ? ['what the next one asks is not kept'] : []),
  ]
  for (const { client } of world.tabs) {
    const { messages, session, conversations: listed } = client.getSnapshot()
    if (messages.some(({ content }) => content.includes('secret'))) left.push('words shown')
    if (listed.some(({ id }) => conversations.has(id))) left.push('conversation shown')
    if (session && gone.has(session.visitorId)) left.push('session in use')
    client.destroy()
  }
  await platform.advance(0)
  if (platform.pendingListeners() > 0) left.push('listeners')
  return left
}

const FIRST_SEED = Number(process.env['SEED'] ?? 1)
const ROUNDS = Number(process.env['ROUNDS'] ?? 60)

describe('whoever leaves while any tab does anything', () => {
  it.each<Departure>(['signs out', 'is nobody any more', 'is somebody else'])(
    `and %s leaves nothing in storage and on no screen, from seed ${FIRST_SEED}`,
    async (departure) => {
      const found: string[] = []
      for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed += 1)
        found.push(...(await traces(seed, departure)).map((trace) => `seed ${seed}: ${trace}`))
      expect(found).toEqual([])
    },
  )
})
