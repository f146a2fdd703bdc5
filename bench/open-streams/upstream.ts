import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Listening } from '../children.js'
import type { Wish } from './messages.js'

/**
 * A model endpoint whose answers last until it is told to end them. Before it is told to talk, it says a word now and then, so
 * that nobody takes it for dead. The last piece of an answer says how many words it had.
 */
const QUIET_MS = 10_000
const TALK_MS = 1_000
/** Not all streams get their word in one moment. */
const TURNS = 20

interface Stream {
  readonly response: ServerResponse
  words: number
}

const HEAD = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench' }
const frame = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ ...HEAD, choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`
const WORD = frame(' word')

const turns = Array.from({ length: TURNS }, () => new Set<Stream>())
let answers = 0
let turn = 0

function speak(): void {
  turn = (turn + 1) % TURNS
  for (const stream of turns[turn] ?? []) say(stream)
}

function say(stream: Stream): void {
  stream.words += 1
  stream.response.write(WORD)
}

const end = ({ response, words }: Stream): void =>
  void response.end(`${frame(` total ${words}.`)}${frame('', 'stop')}data: [DONE]\n\n`)

let speaking = setInterval(speak, QUIET_MS / TURNS)

process.on('message', (wish: Wish) => {
  clearInterval(speaking)
  if (wish === 'talk') speaking = setInterval(speak, TALK_MS / TURNS)
  else for (const streams of turns) streams.forEach(end)
})

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    const stream = { response, words: 0 }
    say(stream)
    answers += 1
    const streams = turns[answers % TURNS]
    streams?.add(stream)
    response.on('close', () => streams?.delete(stream))
  })
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
  // A listening TCP server has an address of this form.
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies Listening)
})
process.on('disconnect', () => process.exit())
