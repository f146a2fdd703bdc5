import { browserPlatform } from '../platform/browser-platform.js'
import { DEFAULT_POLICY } from '../run/run-policy.js'
import { createSession } from '../session/session.js'
import { createStore } from '../store/store.js'
import { createProxyTransport } from '../transport/proxy-transport.js'
import type { ChatSnapshot } from './chat-client.js'
import { tellParts, type ClientCore, type ClientState } from './client-core.js'
import type { Hooks } from './hooks.js'
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
    loads: 0,
    rung: null,
    lastTime: 0,
    error: null,
  }
  const hooks: Hooks[] = []
  const policy = (): ReturnType<ClientCore['policy']> => {
    const seconds = state.session?.limits.heartbeat_seconds
    return { ...DEFAULT_POLICY, ...(seconds && { heartbeat: seconds * 1000 }), ...options.policy }
  }
  const session = createSession({
    transport,
    platform,
    policy,
    signal,
    onChange(info) {
      state.session = info && sessionInfo(info)
      store.touch()
      if (info) void tellParts({ hooks }, 'sessionChanged', info)
    },
  })
  const store = createStore<ChatSnapshot>(
    (current) => materialise(current, state, platform.isOnline()),
    (task) => platform.frame(task),
  )
  return { transport, platform, session, store, state, hooks, policy, signal }
}
