import type { Platform } from '../platform/platform.js'
import type { RunPolicy } from '../run/run-policy.js'
import type { ChatTransport } from '../transport/chat-transport.js'
import type { Fetch } from '../transport/http.js'
import type { Parts } from './part.js'

export interface CommonOptions<P extends Parts = Parts> {
  /**
   * What this client can do beyond sending and reading, by the name under which the client has it. Only what is named here
   * is downloaded: `{ history: createHistory({ storage }) }` gives `client.history`.
   */
  readonly parts?: P
  /** Time, network state and chance; replaced in tests. Default: the browser's, or Node's. */
  readonly platform?: Platform
  /** Numbers of retry and liveness, each with its default. */
  readonly policy?: Partial<RunPolicy>
}

/** A Colloquy proxy. */
export interface ProxyOptions<P extends Parts = Parts> extends CommonOptions<P> {
  /** Where the proxy lives, for example `https://chat.example.com`, without `/api/v1`. */
  readonly baseUrl: string
  /** The tenant's publishable key, where the proxy asks for one. */
  readonly publishableKey?: string
  /** Default: `globalThis.fetch`. */
  readonly fetch?: Fetch
}

/** Any other way to the other side, such as `createDirectTransport` of `@colloquy/chat-core/direct`. */
export interface TransportOptions<P extends Parts = Parts> extends CommonOptions<P> {
  readonly transport: ChatTransport
}

export type ChatClientOptions<P extends Parts = Parts> = ProxyOptions<P> | TransportOptions<P>
