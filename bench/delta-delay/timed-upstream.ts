import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const HEAD = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench' }
const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

/** A model endpoint whose words are the moments at which they were written to the socket, by the clock of this process. */
export class TimedUpstream {
  readonly #server: Server
  readonly #words: number
  readonly #intervalMs: number

  /** @param words of an answer, one every `intervalMs`, each stream in a rhythm of its own */
  static async open(words: number, intervalMs: number): Promise<TimedUpstream> {
    const upstream = new TimedUpstream(words, intervalMs)
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve))
    return upstream
  }

  private constructor(words: number, intervalMs: number) {
    this.#words = words
    this.#intervalMs = intervalMs
    this.#server = createServer((request, response) => {
      request.resume().on('end', () => this.#answer(response))
    })
  }

  get port(): number {
    // A listening TCP server has an address of this form.
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  #answer(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.write(frame({ role: 'assistant', content: '' }))
    let said = 0
    const timer = setInterval(() => {
      said += 1
      if (said <= this.#words) return void response.write(frame({ content: momentNow() }))
      clearInterval(timer)
      response.end(`${frame({}, 'stop')}data: [DONE]\n\n`)
    }, this.#intervalMs)
    response.on('close', () => clearInterval(timer))
  }
}

const momentNow = (): string => `<${performance.now().toFixed(3)}>`

/** The moments in a piece of a stream, in milliseconds. */
export const momentsIn = (text: string): readonly number[] =>
  [...text.matchAll(/<(\d+\.\d+)>/g)].map(([, moment]) => Number(moment))
