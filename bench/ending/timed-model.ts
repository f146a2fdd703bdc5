import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** One answer, by the clock of this process. */
interface TimedCall {
  readonly beganAt: number
  /** When its socket was closed. */
  readonly closedAt: Promise<number>
}

const WORD_MS = 100
const WORD = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'word ' } }] })}\n\n`

/** A model that never stops talking, and notes when each question reached it and when its answer was given up. */
export class TimedModel {
  readonly #server: Server
  readonly #talking = new Set<ServerResponse>()
  readonly #timer = setInterval(() => this.#talk(), WORD_MS)
  /** By the question. */
  readonly calls = new Map<string, TimedCall>()

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  static async open(): Promise<TimedModel> {
    const model = new TimedModel()
    model.#server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 })
    await once(model.#server, 'listening')
    return model
  }

  get url(): string {
    // A listening TCP server has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  /** When the socket of the answer to this question was closed; it has to have been asked. */
  async closedAt(question: string): Promise<number> {
    const call = this.calls.get(question)
    if (!call) throw new Error('The question never came.')
    return call.closedAt
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #talk(): void {
    for (const response of this.#talking) response.write(WORD)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const beganAt = performance.now()
    const closedAt = once(response, 'close').then(() => performance.now())
    // The proxy sends what OpenAI's contract says.
    const { messages } = JSON.parse(await text(request)) as { messages: readonly { content: string }[] }
    this.calls.set(messages.at(-1)?.content ?? '', { beganAt, closedAt })
    void closedAt.then(() => this.#talking.delete(response))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(WORD)
    this.#talking.add(response)
  }
}
