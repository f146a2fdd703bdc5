import type { OutboxFactory } from '../outbox/outbox.js'
import type { ChatStorage } from '../persistence/storage.js'
import type { Platform } from '../platform/platform.js'
import type { RunPolicy } from '../run/run-policy.js'
import type { Tabs } from '../tabs/tabs.js'
import type { ChatTransport } from '../transport/chat-transport.js'
import type { Fetch } from '../transport/http.js'

export interface CommonOptions {
  /** Where history, session and drafts are kept. Default: memory, gone with the page. */
  readonly storage?: ChatStorage
  /** Called at most once, when storage failed and the client went on in memory. */
  readonly onStorageFailure?: (error: unknown) => void
  /** Default: `globalThis.fetch`. */
  readonly fetch?: Fetch
  /** Time, network state and chance; replaced in tests. Default: the browser's, or Node's. */
  readonly platform?: Platform
  /** Keeps the tabs of one browser in step: `createTabs` of `@colloquy/chat-core/tabs`. Default: each tab on its own. */
  readonly tabs?: Tabs
  /** Keeps questions until the server has them: `createOutbox` of `@colloquy/chat-core/outbox`. Default: none. */
  readonly outbox?: OutboxFactory
  /** Numbers of retry and liveness, each with its default. */
  readonly policy?: Partial<RunPolicy>
}

/** A Colloquy proxy. */
export interface ProxyOptions extends CommonOptions {
  /** Where the proxy lives, for example `https://chat.example.com`, without `/api/v1`. */
  readonly baseUrl: string
  /** The tenant's publishable key, where the proxy asks for one. */
  readonly publishableKey?: string
}

/** An OpenAI-compatible endpoint without a proxy. For development only: the page holds the key. */
export interface DirectOptions extends CommonOptions {
  /** For example `http://localhost:11434/v1`. */
  readonly baseUrl: string
  readonly direct: { readonly model: string; readonly apiKey?: string }
}

/** Any other way to the other side. */
export interface TransportOptions extends CommonOptions {
  readonly transport: ChatTransport
  /** Names the other side in storage. */
  readonly origin: string
}

export type ChatClientOptions = ProxyOptions | DirectOptions | TransportOptions
