import { browserPlatform } from '../platform/browser-platform.js'
import { DEFAULT_POLICY } from '../run/run-policy.js'
import { createSession } from '../session/session.js'
import { createStore } from '../store/store.js'
import { createProxyTransport } from '../transport/proxy-transport.js'
import type { ChatSnapshot } from './chat-client.js'
import type { ClientCore, ClientState } from './client-core.js'
import type { Hooks } from './hooks.js'
import { EMPTY_SNAPSHOT } from './empty-snapshot.js'
import { materialise, sessionInfo } from './materialise.js'
import type { ChatClientOptions } from './options.js'

/** What one client is made of, before its parts. */
export function createCore(options: ChatClientOptions, signal: AbortSignal): ClientCore {
  const { platform = browserPlatform() } = options
  const transport =
    'transport' in options ? options.transport : createProxyTransport({ ...options, platform })
  const state: ClientState = {
    open: null,
    held: new Map(),
    conversations: [],
    session: null,
    started: null,
    loads: 0,
    rung: null,
    lastTime: 0,
    error: null,
  }
  const hooks: Hooks[] = []
  const session = createSession({
    transport,
    platform,
    signal,
    onChange(info) {
      state.session = info && sessionInfo(info)
      store.touch()
      for (const hook of hooks) if (info) hook.sessionChanged?.(info)
    },
  })
  const store = createStore<ChatSnapshot>(
    { ...EMPTY_SNAPSHOT, online: platform.isOnline() },
    (current) => materialise(current, state, platform.isOnline()),
    (task) => platform.frame(task),
  )
  const policy = (): ReturnType<ClientCore['policy']> => {
    const seconds = state.session?.limits.heartbeat_seconds
    return { ...DEFAULT_POLICY, ...(seconds && { heartbeat: seconds * 1000 }), ...options.policy }
  }
  return { transport, platform, session, store, state, hooks, policy, signal }
}
