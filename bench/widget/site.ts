import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { pageAt } from './pages.js'
import { LoggedRun, type Asked } from './run-log.js'

const CDN = join(import.meta.dirname, '../../packages/chat-widget/dist/cdn')

/** What a page asks for in its question: so many tokens, so many of them a second. */
export const questionFor = (tokens: number, rate: number): string => `${tokens} tokens, ${rate} a second`

/** The pages and their server, on one origin: `/chat` is ours. Answers are paced, each token an event of its own. */
export interface Site {
  readonly url: string
  /** When the last byte of an answer went out, in milliseconds since the epoch: of the newest that has ended. */
  lastEnd(): number
  close(): void
}

export async function startSite(): Promise<Site> {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    lastEnd: () => Math.max(...[...runs.values()].map(({ endSentAt }) => endSentAt)),
    close: () => void server.close(),
  }
}

// A listening TCP server has an address of this form.
const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/'
  const page = await pageAt(path)
  if (page)
    return void response.writeHead(200, { 'content-type': `${page.type}; charset=utf-8` }).end(page.body)
  if (path.startsWith('/widget/')) {
    response.writeHead(200, { 'content-type': 'text/javascript' })
    response.end(await readFile(join(CDN, basename(path.replace(/\?.*/, '')))).catch(() => ''))
    return
  }
  if (path.endsWith('/chat/start')) return json(response, SESSION, 201)
  if (/\/messages(\?|$)/.test(path)) return ask(request, response)
  const url = new URL(path, 'http://127.0.0.1')
  if (url.pathname.endsWith('/events')) return readOn(response, url)
  const one = /\/conversations\/([^/]+)$/.exec(url.pathname)?.[1]
  if (one && request.method === 'GET') return conversation(response, one)
  return json(response, { conversations: [], total: 0, page: 1, page_size: 100, limits: [] })
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const runs = new Map<string, LoggedRun>()

async function ask(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  for await (const piece of request) text += String(piece)
  const asked: Asked = JSON.parse(text)
  const [tokens = 0, rate = 0] = (asked.content.match(/\d+/g) ?? []).map(Number)
  const conversation = /conversations\/([^/]+)/.exec(request.url ?? '')?.[1] ?? ''
  const run = runs.get(asked.run_id) ?? new LoggedRun(conversation, asked, tokens, rate)
  runs.set(asked.run_id, run)
  run.stream(response, 0)
}

function readOn(response: ServerResponse, url: URL): void {
  const run = runs.get(url.pathname.split('/').at(-2) ?? '')
  if (!run) return json(response, { error: 'There is no such run.', type: 'NotFoundError' }, 404)
  run.stream(response, Number(url.searchParams.get('after')?.split('.').at(-1) ?? 0))
}

function conversation(response: ServerResponse, id: string): void {
  const own = [...runs.values()].filter(({ conversationId }) => conversationId === id)
  const messages = own.flatMap((run, index) => run.messages(own[index - 1]?.asked.answer_id ?? null))
  const active = own.find(({ ended }) => !ended)
  const active_run = active ? { id: active.asked.run_id, cursor: `${active.asked.run_id}.0` } : null
  const time = '2026-11-21T00:00:00.000Z'
  json(response, {
    id,
    title: '',
    mode: 'open',
    document_ids: [],
    created_at: time,
    updated_at: time,
    messages,
    has_more: false,
    active_run,
  })
}

const SESSION = {
  token: 'bench-token',
  expires_at: '2099-01-01T00:00:00.000Z',
  visitor_id: 'v_bench',
  tenant: 'default',
  greeting: 'Hello',
  suggestions: [],
  features: { demo: false },
  limits: { max_message_chars: 8_000, heartbeat_seconds: 15 },
}
