import { readSse } from '../sse/read-sse.js'
import type { ChatTransport } from './chat-transport.js'
import { errorFromFault, notTheProtocol, request, type HttpDeps } from './http.js'
import { isEventStream } from './proxy-transport.js'

export interface OpenAiTransportOptions extends HttpDeps {
  /** For example `http://localhost:11434/v1`; `/chat/completions` is added. */
  readonly baseUrl: string
  /** For development only: whoever opens the page can read it. */
  readonly apiKey?: string
  readonly model: string
}

/**
 * Speaks to an OpenAI-compatible endpoint directly, for development without a proxy. There is no server that keeps
 * anything, so a broken answer is broken: no resume, no history, no stop beyond closing the connection.
 */
export function createOpenAiTransport(options: OpenAiTransportOptions): ChatTransport {
  const url = `${options.baseUrl.replace(/\/+$/, '')}/chat/completions`
  return {
    start: async () => ({
      token: '',
      expires_at: new Date(options.now() + 365 * 86_400_000).toISOString(),
      visitor_id: 'local',
      tenant: 'local',
      greeting: '',
      suggestions: [],
      features: { demo: false },
      limits: { max_message_chars: 1_000_000, heartbeat_seconds: 60 },
    }),
    async send({ signal }, { history }, sink) {
      const response = await request(options, {
        url,
        method: 'POST',
        headers: {
          accept: 'text/event-stream',
          ...(options.apiKey && { authorization: `Bearer ${options.apiKey}` }),
        },
        body: { model: options.model, stream: true, messages: history },
        signal,
      })
      if (!response.body || !isEventStream(response)) throw notTheProtocol(response)
      try {
        await readSse(response.body, {
          onBytes: () => sink.onBytes(),
          onEvent: ({ data }) => sink.onEvent(null, data),
        })
      } catch (cause) {
        throw errorFromFault(cause, signal, options.isOnline())
      }
    },
    server: null,
  }
}
