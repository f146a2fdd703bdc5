import { seqOf } from '../protocol/index.js'
import type { SseSink } from '../sse/read-sse.js'
import type { ChatTransport, RunSink } from './chat-transport.js'
import { requestEvents, requestJson, type HttpDeps } from './http.js'

export interface ProxyTransportOptions extends HttpDeps {
  /** Where the proxy lives, without `/api/v1`; a trailing slash is fine. */
  readonly baseUrl: string
  /** The tenant's publishable key, where the proxy asks for one. */
  readonly publishableKey?: string | undefined
}

/** Speaks the Colloquy wire contract, v1. */
export function createProxyTransport(deps: ProxyTransportOptions): ChatTransport {
  const { baseUrl, publishableKey } = deps
  const api = `${baseUrl.replace(/\/+$/, '')}/api/v1`
  return {
    origin: baseUrl,
    start: (token, signal, visitorToken) =>
      requestJson(deps, {
        url: `${api}/chat/start`,
        method: 'POST',
        token: token ?? '',
        signal,
        // Left out where there is none.
        body: { visitor_token: visitorToken ?? undefined },
        ...(publishableKey && { headers: { 'x-colloquy-key': publishableKey } }),
      }),
    send(who, { conversationId, body, padded }, sink) {
      const url = `${api}/conversations/${conversationId}/messages${padded ? '?padding=1' : ''}`
      return requestEvents(deps, { ...who, url, method: 'POST', body }, eventsOf(body.run_id, sink))
    },
    server: {
      resume(who, { runId, after, padded }, sink) {
        const url = `${api}/runs/${runId}/events?after=${runId}.${after}${padded ? '&padding=1' : ''}`
        return requestEvents(deps, { ...who, url, method: 'GET' }, eventsOf(runId, sink))
      },
      request: (who, method, path, body) => requestJson(deps, { ...who, url: api + path, method, body }),
    },
  }
}

/** The events of one run; any `event:` name but the default, and what has no place in its log, is none of ours and skipped. */
const eventsOf = (runId: string, { onBytes, onEvent }: RunSink): SseSink => ({
  onBytes,
  onEvent({ type, data, lastEventId }) {
    const seq = seqOf(lastEventId, runId)
    if (type === 'message' && seq !== null) onEvent(seq, data)
  },
})
