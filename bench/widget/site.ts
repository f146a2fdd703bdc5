import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { LoggedRun, type Asked } from './run-log.js'

const CDN = join(import.meta.dirname, '../../packages/chat-widget/dist/cdn')

/** What a page asks for in its question: so many tokens, so many of them a second. */
export const questionFor = (tokens: number, rate: number): string => `${tokens} tokens, ${rate} a second`

/**
 * Two pages and the server of both, on one origin: `/widget` holds the chat, `/plain` writes the same stream as plain
 * paragraphs. Answers are paced, each token an event of its own.
 */
export async function startSite(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${portOf(server)}`, close: () => void server.close() }
}

// A listening TCP server has an address of this form.
const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/'
  if (path === '/plain' || path === '/chat') return page(response, path)
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

function page(response: ServerResponse, path: string): void {
  const body = path === '/chat' ? '<script src="/widget/widget.js" data-preload="idle"></script>' : PLAIN
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(`<!doctype html><title>bench</title><link rel="icon" href="data:,"><body>${body}</body>`)
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

/** The least that any page has to do: read the stream, write its text into paragraphs once a frame, follow the end. */
const PLAIN = `<main style="width:400px;height:600px;overflow:auto;font:15px/1.55 system-ui"></main><script>
const main = document.querySelector('main')
async function ask(question) {
  const body = JSON.stringify({ content: question, run_id: 'run_' + crypto.randomUUID(), message_id: 'm_1', answer_id: 'm_2' })
  const response = await fetch('/api/v1/conversations/c/messages', { method: 'POST', body })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = '', pending = '', paragraph = null, scheduled = false, done = false
  return new Promise((resolve) => {
    const write = () => {
      scheduled = false
      const parts = pending.split('\\n\\n')
      pending = ''
      parts.forEach((part, index) => {
        if (index > 0 || !paragraph) { paragraph = document.createElement('p'); paragraph.append(''); main.append(paragraph) }
        paragraph.firstChild.appendData(part)
      })
      main.scrollTop = main.scrollHeight
      if (done) resolve()
    }
    const read = () => reader.read().then(({ value, done: ended }) => {
      done = ended
      const lines = (rest + (value ?? '')).split('\\n')
      rest = lines.pop()
      for (const line of lines) {
        if (!line.startsWith('data: {')) continue
        pending += JSON.parse(line.slice(6)).choices[0]?.delta.content ?? ''
      }
      if (!scheduled) { scheduled = true; requestAnimationFrame(write) }
      if (!ended) return read()
    })
    void read()
  })
}
</script>`
