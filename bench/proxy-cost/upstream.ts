import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A model endpoint as a process of its own: every stream gets its first token at once and one each `interval` ms after it,
 * `tokens` of them, all in the form that providers send. `node upstream.ts <tokens> <interval>` prints its port; it ends with its parent.
 */
const [tokens = 100, interval = 20] = process.argv.slice(2).map(Number)

interface Stream {
  readonly response: ServerResponse
  sent: number
}

const HEAD = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench' }
const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

const ROLE = frame({ role: 'assistant', content: '' })
const TOKEN = frame({ content: ' word' })
const USAGE = { prompt_tokens: 20, completion_tokens: tokens, total_tokens: 20 + tokens }
const END = `${frame({}, 'stop')}data: ${JSON.stringify({ ...HEAD, choices: [], usage: USAGE })}\n\ndata: [DONE]\n\n`
const ANSWER = JSON.stringify({
  ...HEAD,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: ' word'.repeat(tokens) }, finish_reason: 'stop' },
  ],
  usage: USAGE,
})

const streams = new Set<Stream>()
setInterval(() => {
  for (const stream of streams) {
    if (stream.sent++ < tokens) stream.response.write(TOKEN)
    else {
      streams.delete(stream)
      stream.response.end(END)
    }
  }
}, interval)

const server = createServer((request, response) => {
  const body: Buffer[] = []
  request.on('data', (chunk: Buffer) => body.push(chunk))
  request.on('end', () => {
    if (!/"stream":\s*true/.test(Buffer.concat(body).toString())) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write(ROLE + TOKEN)
    const stream = { response, sent: 1 }
    streams.add(stream)
    response.on('close', () => streams.delete(stream))
  })
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
  // A listening TCP server has an address of this form.
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.on('disconnect', () => process.exit())
