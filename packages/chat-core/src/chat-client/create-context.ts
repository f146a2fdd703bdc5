import { noOutbox } from '../outbox/no-outbox.js'
import { createMemoryStorage } from '../persistence/memory-storage.js'
import { safeStorage } from '../persistence/safe-storage.js'
import { browserPlatform } from '../platform/browser-platform.js'
import type { Platform } from '../platform/platform.js'
import { DEFAULT_POLICY } from '../run/run-policy.js'
import { createSession } from '../session/session.js'
import { createStore } from '../store/store.js'
import { soloTabs } from '../tabs/tabs.js'
import type { ChatTransport } from '../transport/chat-transport.js'
import type { HttpDeps } from '../transport/http.js'
import { createOpenAiTransport } from '../transport/openai-transport.js'
import { createProxyTransport } from '../transport/proxy-transport.js'
import type { ChatSnapshot } from './chat-client.js'
import type { ClientContext, ClientState } from './client-context.js'
import { EMPTY_SNAPSHOT, materialise, sessionInfo } from './materialise.js'
import type { ChatClientOptions } from './options.js'

/** Wires the parts of one client. */
export function createContext(options: ChatClientOptions, signal: AbortSignal): ClientContext {
  const platform = options.platform ?? browserPlatform()
  const storage = safeStorage(
    options.storage ?? createMemoryStorage(),
    options.onStorageFailure ?? (() => {}),
  )
  const transport = transportFor(options, platform)
  const state: ClientState = { open: null, held: new Map(), conversations: [], loads: 0, error: null }
  let info: ChatSnapshot['session'] = null
  const store = createStore<ChatSnapshot>(
    { ...EMPTY_SNAPSHOT, online: platform.isOnline() },
    (current) => materialise(current, state, info, platform.isOnline()),
    (task) => platform.frame(task),
  )
  const session = createSession({
    transport,
    storage,
    platform,
    signal,
    onChange: (started) => {
      info = sessionInfo(started)
      store.touch()
    },
  })
  const policy = (): ReturnType<ClientContext['policy']> => ({
    ...DEFAULT_POLICY,
    ...(info?.limits.heartbeat_seconds && { heartbeat: info.limits.heartbeat_seconds * 1000 }),
    ...options.policy,
  })
  const tabs = options.tabs ?? soloTabs
  const outbox = options.outbox?.(storage) ?? noOutbox
  return {
    tabs,
    outbox,
    transport,
    storage,
    platform,
    session,
    store,
    state,
    policy,
    signal,
    origin: originOf(options),
  }
}

function transportFor(options: ChatClientOptions, platform: Platform): ChatTransport {
  if ('transport' in options) return options.transport
  const deps: HttpDeps = {
    // Called through an arrow, because `fetch` as a method of another object is an illegal invocation in browsers.
    fetch: options.fetch ?? ((...call) => globalThis.fetch(...call)),
    now: () => platform.now(),
    isOnline: () => platform.isOnline(),
  }
  return 'direct' in options
    ? createOpenAiTransport({ ...deps, baseUrl: options.baseUrl, ...options.direct })
    : createProxyTransport({ ...deps, ...options })
}

const originOf = (options: ChatClientOptions): string =>
  'transport' in options ? options.origin : options.baseUrl
