import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { convertToModelMessages, pipeUIMessageStreamToResponse, streamText, toUIMessageStream } from 'ai'
import type { UIMessage } from 'ai'
import express, { type RequestHandler } from 'express'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import OpenAI from 'openai'

/**
 * A server as people write it to pass a model's answers on, in a process of its own: `node peer-server.ts <way> <port of the model>`
 * prints its port; it ends with its parent.
 */
const [way = '', upstream = ''] = process.argv.slice(2)
const baseURL = `http://127.0.0.1:${upstream}/v1`
const apiKey = 'sk-bench'

/** The body is passed on as it comes. */
const byFetch: RequestHandler = async (request, response) => {
  const answer = await fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(request.body),
  })
  response.status(answer.status).type(answer.headers.get('content-type') ?? '')
  if (!answer.body) return void response.end()
  // Node's own, and the browser's by its type.
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), response)
}

/** Each chunk is read by the package and written again. */
function byOpenAi(): RequestHandler {
  const { completions } = new OpenAI({ baseURL, apiKey }).chat
  return async (request, response) => {
    const asked = request.body as OpenAI.ChatCompletionCreateParams // The bench asks in this form.
    if (!asked.stream) return void response.json(await completions.create({ ...asked, stream: false }))
    const chunks = await completions.create({ ...asked, stream: true })
    response.type('text/event-stream')
    for await (const chunk of chunks) response.write(`data: ${JSON.stringify(chunk)}\n\n`)
    response.end('data: [DONE]\n\n')
  }
}

/** As the quick start of the AI SDK has it for Express. */
function byAiSdk(): RequestHandler {
  const model = createOpenAICompatible({ name: 'bench', baseURL, apiKey })('bench')
  return async (request, response) => {
    const { messages } = request.body as { readonly messages: UIMessage[] } // The bench asks in this form.
    const result = streamText({ model, messages: await convertToModelMessages(messages) })
    await pipeUIMessageStreamToResponse({ response, stream: toUIMessageStream({ stream: result.stream }) })
  }
}

const WAYS: Readonly<Record<string, () => RequestHandler>> = {
  fetch: () => byFetch,
  openai: byOpenAi,
  ai: byAiSdk,
}

const handler = WAYS[way]?.()
if (!handler) throw new Error(`There is no such way: ${way}.`)
const server = express()
  .use(express.json())
  .post('/v1/chat/completions', handler)
  .listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
    // A listening TCP server has an address of this form.
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
  })
process.on('disconnect', () => process.exit())
