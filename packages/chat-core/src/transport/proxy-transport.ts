import { readSse } from '../sse/read-sse.js'
import type { Authorized, ChatTransport, RunSink, ServerTransport } from './chat-transport.js'
import { errorFromFault, notTheProtocol, readJson, request, type HttpDeps, type HttpRequest } from './http.js'

export interface ProxyTransportOptions extends HttpDeps {
  /** Where the proxy lives, without `/api/v1`; a trailing slash is fine. */
  readonly baseUrl: string
  /** The tenant's publishable key, where the proxy asks for one. */
  readonly publishableKey?: string
}

/** Speaks the Colloquy wire contract, v1. */
export function createProxyTransport(options: ProxyTransportOptions): ChatTransport {
  const { publishableKey } = options
  const api = createApi(options)
  return {
    start: (token, signal) =>
      api.json({
        path: '/chat/start',
        method: 'POST',
        body: {},
        signal,
        headers: {
          ...(token && bearer(token)),
          ...(publishableKey && { 'x-colloquy-key': publishableKey }),
        },
      }),
    send: ({ token, signal }, { conversationId, body, mode }, sink) =>
      api.stream(
        {
          path: `/conversations/${conversationId}/messages${mode === 'padded' ? '?padding=1' : ''}`,
          method: 'POST',
          body,
          headers: bearer(token),
          signal,
          runId: body.run_id,
        },
        sink,
      ),
    server: createServerTransport(api),
  }
}

function createServerTransport(api: Api): ServerTransport {
  const get = ({ token, signal }: Authorized, path: string): Omit<ApiRequest, 'body'> => ({
    path,
    method: 'GET',
    headers: bearer(token),
    signal,
  })
  const post = ({ token, signal }: Authorized, path: string, body: unknown): ApiRequest => ({
    path,
    method: 'POST',
    body,
    headers: bearer(token),
    signal,
  })
  return {
    resume(call, { runId, after, mode }, sink) {
      const path = `/runs/${runId}/events?after=${runId}.${after}${mode === 'padded' ? '&padding=1' : ''}`
      return api.stream({ ...get(call, path), runId }, sink)
    },
    getRun: (call, runId, wait) => api.json(get(call, `/runs/${runId}?wait=${wait}`)),
    sendForResult: (call, { conversationId, body }) =>
      api.json(post(call, `/conversations/${conversationId}/messages`, body)),
    stop: (call, runId) => api.json(post(call, `/runs/${runId}/stop`, {})),
    createConversation: (call, conversation) => api.json(post(call, '/conversations', conversation)),
    getConversation: (call, id, before) =>
      api.json(get(call, `/conversations/${id}?limit=100${before ? `&before=${before}` : ''}`)),
    listConversations: (call, page) => api.json(get(call, `/conversations?page=${page}&page_size=100`)),
    deleteConversation: ({ token, signal }, id) =>
      api.empty({ path: `/conversations/${id}`, method: 'DELETE', headers: bearer(token), signal }),
  }
}

type ApiRequest = Omit<HttpRequest, 'url'> & { readonly path: string }

interface Api {
  json<T>(call: ApiRequest): Promise<T>
  empty(call: ApiRequest): Promise<void>
  stream(call: ApiRequest & { readonly runId: string }, sink: RunSink): Promise<void>
}

function createApi(options: ProxyTransportOptions): Api {
  const base = `${options.baseUrl.replace(/\/+$/, '')}/api/v1`
  const send = ({ path, headers, ...rest }: ApiRequest, accept: string): Promise<Response> =>
    request(options, { ...rest, url: base + path, headers: { ...headers, accept } })
  return {
    json: async (call) => readJson(await send(call, 'application/json'), call.signal, options.isOnline),
    empty: async (call) => {
      await send(call, 'application/json')
    },
    async stream({ runId, ...call }, sink) {
      const response = await send(call, 'text/event-stream')
      await readEvents(response, runId, sink).catch((cause: unknown) => {
        throw errorFromFault(cause, call.signal, options.isOnline())
      })
    },
  }
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

/** The events of one run; any `event:` name but the default is none of ours and skipped. */
async function readEvents(response: Response, runId: string, sink: RunSink): Promise<void> {
  const prefix = `${runId}.`
  if (!response.body || !isEventStream(response)) throw notTheProtocol(response)
  await readSse(response.body, {
    onBytes: () => sink.onBytes(),
    onEvent({ type, data, lastEventId }) {
      if (type === 'message') sink.onEvent(seqOf(lastEventId, prefix), data)
    },
  })
}

/** The number of a cursor, without the cost of a pattern match: this runs for every delta. `null` when it is none of this run. */
function seqOf(cursor: string, prefix: string): number | null {
  if (!cursor.startsWith(prefix)) return null
  const seq = Number(cursor.slice(prefix.length))
  return Number.isSafeInteger(seq) ? seq : null
}

/** By its essence, as WHATWG says: parameters do not matter, but `text/event-stream-x` is something else. */
export const isEventStream = (response: Response): boolean =>
  /^\s*text\/event-stream\s*(;|$)/i.test(response.headers.get('content-type') ?? '')
