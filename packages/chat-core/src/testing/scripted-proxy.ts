import {
  parseCursor,
  type ConversationDetail,
  type ErrorBody,
  type FeedbackRequest,
  type RunDetail,
  type SendMessageRequest,
  type StartResponse,
  type WireConversation,
  type WireMessage,
} from '../protocol/index.js'
import type { Platform } from '../platform/platform.js'
import { isTerminal } from '../run/apply-event.js'
import type { Fetch } from '../transport/http.js'
import { streamBody, type BodyFault, type LineBreak } from './faulty-body.js'
import { ScriptedRun } from './scripted-run.js'

/** What happens to one request. */
export type RequestFault =
  /** Never arrives. */
  | { readonly kind: 'refuse' }
  /** Arrives, is carried out, and its answer is lost. */
  | { readonly kind: 'lose-answer' }
  | {
      readonly kind: 'status'
      /** HTTP status. */
      readonly status: number
      readonly body?: string
      readonly headers?: Record<string, string>
    }
  /** Never answered. */
  | { readonly kind: 'hang' }
  | BodyFault

export interface ScriptedProxyOptions {
  readonly platform: Platform
  /** The words of the answer to a question. */
  readonly words?: (question: string) => readonly string[]
  /** Milliseconds between words. Default: 20. */
  readonly gapMs?: number
  /** Milliseconds between two signs of life. Default: 10,000. */
  readonly heartbeatMs?: number
}

/**
 * A Colloquy proxy in memory, as a `fetch`: it keeps the contract of runs (one generation per run id, a numbered log, a
 * terminal event) and breaks the line to it on demand. For tests of clients, not a model of the server.
 */
export class ScriptedProxy {
  readonly runs = new Map<string, ScriptedRun>()
  readonly conversations = new Map<string, WireMessage[]>()
  /** Titles that were given by hand. */
  readonly titles = new Map<string, string>()
  /** Requests seen, as `METHOD /path`, without query. */
  readonly requests: string[] = []
  /** Faults for coming requests: asked in order of arrival; `null` lets the request through. */
  fault: (request: string) => RequestFault | null = () => null
  /** Who a session token belongs to. */
  readonly owners = new Map<string, string>()
  /** Session tokens of visitors and the users whom they turned out to be. */
  readonly joined: (readonly [token: string, owner: string])[] = []
  readonly deleted = new Map<string, WireMessage[]>()
  readonly #lines = new Set<(how: LineBreak) => void>()
  #tokens = 0
  #visitors = 0

  constructor(private readonly options: ScriptedProxyOptions) {}

  /** How often a model was called; the number that must never pass the number of questions. */
  get generations(): number {
    return this.runs.size
  }

  /** Breaks every stream that is open now. */
  break(how: LineBreak): void {
    for (const line of this.#lines) line(how)
  }

  readonly fetch: Fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const signal = init?.signal ?? new AbortController().signal
    const name = `${init?.method ?? 'GET'} ${url.pathname.replace('/api/v1', '')}`
    const { isOnline } = this.options.platform
    signal.throwIfAborted()
    if (!isOnline()) throw new TypeError('fetch failed')
    this.requests.push(name)
    const fault = this.fault(name)
    if (fault?.kind === 'refuse') throw new TypeError('fetch failed')
    if (fault?.kind === 'hang') return hang(signal)
    if (fault?.kind === 'status')
      return new Response(fault.status === 204 ? null : (fault.body ?? ''), {
        status: fault.status,
        ...(fault.headers && { headers: fault.headers }),
      })
    // Every body this client sends is a JSON object.
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {}
    const headers = new Headers(init?.headers)
    const wantsStream = headers.get('accept') === 'text/event-stream'
    const token = headers.get('authorization')?.replace('Bearer ', '') ?? ''
    const response = await this.#route(name, {
      url,
      body,
      signal,
      wantsStream,
      token,
      fault: bodyFault(fault),
    })
    if (fault?.kind === 'lose-answer') throw new TypeError('fetch failed')
    return response
  }

  async #route(name: string, call: Call): Promise<Response> {
    const [method, path = ''] = name.split(' ')
    const [, head, id = '', tail] = path.split('/')
    if (path === '/chat/start') return this.#start(call)
    if (head === 'conversations' && id === '') return this.#createConversation(method ?? '', call)
    if (head === 'conversations' && tail === 'messages') return this.#send(id, call)
    if (head === 'conversations') return this.#conversation([method ?? '', id, tail], call)
    if (head === 'messages') return this.#rate(id, call)
    const run = this.runs.get(id)
    if (!run) return refusal(404, 'NotFoundError')
    if (tail === 'events')
      return this.#stream(run, parseCursor(call.url.searchParams.get('after') ?? '')?.seq ?? 0, call)
    if (tail === 'stop') run.end('stopped')
    else await this.#untilEnd(run, Number(call.url.searchParams.get('wait') ?? 0) * 1000, call.signal)
    return json(200, this.#detail(run))
  }

  /** A token `user:NAME` proves to be the user NAME; `user:` proves nothing. */
  #start({ token, body }: Call): Response {
    const user = /^user:(.*)$/.exec(token)?.[1]
    if (user === '') return refusal(401, 'AuthenticationError')
    const owner = user === undefined ? (this.owners.get(token) ?? `v_${(this.#visitors += 1)}`) : `u_${user}`
    if (typeof body['visitor_token'] === 'string') this.joined.push([body['visitor_token'], owner])
    return json(201, this.#session(owner))
  }

  #session(owner: string): StartResponse {
    this.#tokens += 1
    this.owners.set(`token-${this.#tokens}`, owner)
    return {
      token: `token-${this.#tokens}`,
      expires_at: new Date(this.options.platform.now() + 3_600_000).toISOString(),
      visitor_id: owner,
      tenant: 'default',
      greeting: 'Hello',
      suggestions: [],
      features: { demo: true },
      limits: { max_message_chars: 8000, heartbeat_seconds: (this.options.heartbeatMs ?? 10_000) / 1000 },
    }
  }

  #createConversation(method: string, { body, url }: Call): Response {
    if (method === 'GET') {
      const query = url.searchParams.get('query') ?? ''
      const conversations = [...this.conversations]
        .filter(([, messages]) => messages.some(({ content }) => content.includes(query)) || query === '')
        .map(([id]) => this.#wireConversation(id))
      return json(200, { conversations, total: conversations.length, page: 1, page_size: 100 })
    }
    const id = String(body['id'])
    if (!this.conversations.has(id)) this.conversations.set(id, [])
    return json(201, { ...this.#wireConversation(id), messages: [] })
  }

  #rate(id: string, { body }: Call): Response {
    for (const messages of this.conversations.values()) {
      const at = messages.findIndex((message) => message.id === id)
      const message = messages[at]
      if (!message) continue
      const { rating, comment } = body as unknown as FeedbackRequest // what the client under test sends is checked by what it does
      const feedback = { rating, comment: comment ?? null, created_at: new Date(0).toISOString() }
      messages[at] = { ...message, feedback }
      return json(200, this.#current(messages[at]))
    }
    return refusal(404, 'NotFoundError')
  }

  #conversation(
    [method, id, tail]: readonly [string, string, string | undefined],
    { body, url }: Call,
  ): Response {
    const deleted = this.deleted.get(id)
    if (tail === 'restore' && deleted) {
      this.deleted.delete(id)
      this.conversations.set(id, deleted)
      return json(200, this.#wireConversation(id))
    }
    const messages = this.conversations.get(id)
    if (!messages) return refusal(404, 'NotFoundError')
    if (method === 'DELETE') {
      this.conversations.delete(id)
      this.deleted.set(id, messages)
      return new Response(null, { status: 204 })
    }
    if (method === 'PATCH') {
      this.titles.set(id, String(body['title']))
      return json(200, this.#wireConversation(id))
    }
    const active = [...this.runs.values()].find(
      (run) => run.ids.conversationId === id && !isTerminal(run.status),
    )
    const before = messages.findIndex((message) => message.id === url.searchParams.get('before'))
    const end = before < 0 ? messages.length : before
    const start = Math.max(0, end - Number(url.searchParams.get('limit')))
    const detail: ConversationDetail = {
      ...this.#wireConversation(id),
      messages: messages.slice(start, end).map((message) => this.#current(message)),
      has_more: start > 0,
      active_run: active ? { id: active.ids.runId, cursor: active.wire().cursor } : null,
    }
    return json(200, detail)
  }

  async #send(conversationId: string, call: Call): Promise<Response> {
    const body = call.body as SendMessageRequest // what the client under test sends is checked by what it does
    const messages = this.conversations.get(conversationId)
    if (!messages) return refusal(404, 'NotFoundError')
    const runId = body.run_id ?? ''
    const digest = JSON.stringify([conversationId, body])
    const known = this.runs.get(runId)
    if (known && known.digest !== digest) return refusal(409, 'ConflictError')
    const named = body.regenerate ?? body.edit
    if (!known && named !== undefined && !messages.some(({ id }) => id === named))
      return refusal(404, 'NotFoundError')
    const run = known ?? this.#admit(conversationId, body, digest, messages)
    if (call.wantsStream) return this.#stream(run, 0, call)
    await this.#untilEnd(run, Infinity, call.signal)
    return json(200, { user_message: null, message: this.#detail(run).message })
  }

  #admit(
    conversationId: string,
    body: SendMessageRequest,
    digest: string,
    messages: WireMessage[],
  ): ScriptedRun {
    const old = messages.find(({ id }) => id === body.regenerate)
    const edited = messages.find(({ id }) => id === body.edit)
    const head = body.parent_id ?? messages.at(-1)?.id ?? null
    const userMessageId = old?.parent_id ?? body.message_id ?? `m_${messages.length}`
    const ids = { runId: body.run_id ?? '', conversationId, userMessageId, messageId: body.answer_id ?? '' }
    const run = new ScriptedRun(ids, digest, this.options.platform)
    if (!old) {
      const parentId = edited ? edited.parent_id : head
      messages.push(wireMessage(conversationId, { id: userMessageId, parentId, content: body.content ?? '' }))
    }
    messages.push(
      wireMessage(conversationId, { id: ids.messageId, parentId: userMessageId, runId: ids.runId }),
    )
    this.runs.set(ids.runId, run)
    const question = body.content ?? messages.find(({ id }) => id === userMessageId)?.content ?? ''
    const words = this.options.words ?? ((text: string) => [`You `, `said: `, text])
    run.generate(words(question), this.options.gapMs ?? 20)
    return run
  }

  #stream(run: ScriptedRun, after: number, { fault, signal }: Call): Response {
    const { platform, heartbeatMs = 10_000 } = this.options
    const lines = this.#lines
    return new Response(streamBody(run, after, { platform, heartbeatMs, fault, signal, lines }), {
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    })
  }

  #untilEnd(run: ScriptedRun, waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = run.onAppend(() => isTerminal(run.status) && done())
      const stopWatching = this.options.platform.onWake((reason) => {
        if (reason === 'offline') fail(new TypeError('terminated'))
      })
      const release = (): void => {
        stop()
        stopWatching()
      }
      const done = (): void => {
        release()
        resolve()
      }
      const fail = (reason: unknown): void => {
        release()
        reject(reason)
      }
      signal.addEventListener('abort', () => fail(signal.reason))
      if (isTerminal(run.status) || waitMs === 0) done()
      else if (waitMs !== Infinity) this.options.platform.after(waitMs, done)
    })
  }

  #wireConversation(id: string): WireConversation {
    return {
      id,
      title: this.titles.get(id) ?? 'A title',
      mode: 'open',
      document_ids: [],
      created_at: new Date(0).toISOString(),
      updated_at: new Date(0).toISOString(),
    }
  }

  #current(message: WireMessage): WireMessage {
    const run = message.run_id === null ? undefined : this.runs.get(message.run_id)
    return run ? { ...message, content: run.content, status: run.status, error: run.error } : message
  }

  #detail(run: ScriptedRun): RunDetail {
    const message = this.conversations.get(run.ids.conversationId)?.find(({ id }) => id === run.ids.messageId)
    if (!message) throw new Error('The scripted proxy lost a message.')
    return { ...run.wire(), message: this.#current(message) }
  }
}

interface Call {
  readonly url: URL
  readonly body: Record<string, unknown>
  readonly signal: AbortSignal
  readonly wantsStream: boolean
  readonly token: string
  readonly fault: BodyFault | null
}

const bodyFault = (fault: RequestFault | null): BodyFault | null => {
  if (!fault) return null
  const isOfRequest =
    fault.kind === 'refuse' ||
    fault.kind === 'hang' ||
    fault.kind === 'status' ||
    fault.kind === 'lose-answer'
  return isOfRequest ? null : fault
}

const hang = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })

const json = (status: number, body: unknown): Response => Response.json(body, { status })

const refusal = (status: number, type: ErrorBody['type']): Response =>
  json(status, { error: 'Refused.', detail: 'By the script.', type, request_id: 'req_1' } satisfies ErrorBody)

const wireMessage = (
  conversationId: string,
  message: { id: string; parentId: string | null; content?: string; runId?: string },
): WireMessage => ({
  id: message.id,
  conversation_id: conversationId,
  parent_id: message.parentId,
  role: message.runId === undefined ? 'user' : 'assistant',
  content: message.content ?? '',
  status: message.runId === undefined ? 'completed' : 'queued',
  run_id: message.runId ?? null,
  model: null,
  usage: null,
  error: null,
  created_at: new Date(0).toISOString(),
})
