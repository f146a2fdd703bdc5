import { DONE, type ChatCompletionChunk } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import { browserPlatform } from '../platform/browser-platform.js'
import type { ChatTransport, RunSink } from '../transport/chat-transport.js'
import { requestEvents, type HttpDeps } from '../transport/http.js'
import type { SseSink } from '../sse/read-sse.js'

export interface DirectTransportOptions extends Partial<HttpDeps> {
  /** For example `http://localhost:11434/v1`; `/chat/completions` is added. */
  readonly baseUrl: string
  /** For development only: whoever opens the page can read it. */
  readonly apiKey?: string
  readonly model: string
}

/**
 * Speaks to an OpenAI-compatible endpoint directly, for development without a proxy. There is no server that keeps
 * anything, so a broken answer is broken: no resume, no history, no stop beyond closing the connection.
 *
 * @example
 * createChatClient({ transport: createDirectTransport({ baseUrl: 'http://localhost:11434/v1', model: 'llama3.2' }) })
 */
export function createDirectTransport(options: DirectTransportOptions): ChatTransport {
  const { baseUrl, apiKey, model, fetch, platform = browserPlatform() } = options
  return {
    origin: baseUrl,
    start: async () => ({
      token: '',
      // Never.
      expires_at: '9999-12-31',
      visitor_id: 'local',
      tenant: 'local',
      greeting: '',
      suggestions: [],
      features: { demo: false },
      limits: { max_message_chars: 1_000_000, heartbeat_seconds: 60 },
    }),
    send: ({ signal }, { history }, { onBytes, onEvent }) =>
      requestEvents(
        { fetch, platform },
        {
          url: `${baseUrl.replace(/\/+$/, '')}/chat/completions`,
          method: 'POST',
          token: apiKey ?? '',
          body: { model, stream: true, messages: messagesOf(history) },
          signal,
        },
        { onBytes, onEvent: numbered(onEvent) },
      ),
    server: null,
  }
}

/** Numbers the events, and says that the run is completed where the model says why it finished: such an endpoint does neither. */
function numbered(onEvent: RunSink['onEvent']): SseSink['onEvent'] {
  let seq = 0
  return ({ data }) => {
    if (data === DONE) return
    onEvent((seq += 1), data)
    // It is JSON, or it would not have been taken; each field is looked at as what it may be.
    const { choices, error } = JSON.parse(data) as Partial<ChatCompletionChunk> & { error?: unknown }
    // An endpoint reports a failure in mid-stream this way.
    if (error) throw new ChatError('upstream', 'The model failed.')
    if (choices?.[0]?.finish_reason) onEvent((seq += 1), COMPLETED)
  }
}

const COMPLETED = JSON.stringify({ choices: [], colloquy: { status: 'completed' } })

/** Roles and texts alone, without answers that never came. */
const messagesOf = (history: Parameters<ChatTransport['send']>[1]['history']): object[] =>
  history.flatMap(({ role, content }) => (content === '' ? [] : [{ role, content }]))
