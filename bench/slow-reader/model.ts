import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Listening } from '../children.js'
import type { Finished } from './messages.js'

/** A model that says a word every two milliseconds, as long as it can send: `model.ts <words>`. */
const words = Number(process.argv[2])
const EVERY_MS = 2
const HEAD = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench' }
const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
const WORD = frame({ content: ' word' })
const END = `${frame({}, 'stop')}data: [DONE]\n\n`

interface Answer {
  readonly response: ServerResponse
  readonly since: number
  said: number
}

const answers = new Set<Answer>()

/** What could not be said in time because the socket was full is made up for. */
function speak(answer: Answer): void {
  const { response, since } = answer
  const due = Math.min(words, Math.floor((performance.now() - since) / EVERY_MS))
  while (answer.said < due && !response.writableNeedDrain) {
    response.write(WORD)
    answer.said += 1
  }
  if (answer.said < words) return
  answers.delete(answer)
  response.end(END)
  process.send?.({ ms: performance.now() - since } satisfies Finished)
}

setInterval(() => answers.forEach(speak), EVERY_MS)

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).flushHeaders()
    answers.add({ response, since: performance.now(), said: 0 })
  })
})
server.listen(0, '127.0.0.1', () => {
  // A listening TCP server has an address of this form.
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies Listening)
})
process.on('disconnect', () => process.exit())
