import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** How the next call is answered. */
export type Mood = 'answers' | 'refuses the key' | 'is overloaded' | 'breaks off' | 'answers nonsense'

/** A provider that says its words, and quotes the key and the question it was given, in every way in which it can fail. */
export class TalkativeProvider {
  readonly #server: Server
  readonly #words: string
  /** What it was sent: keys and bodies. */
  readonly heard: string[] = []
  mood: Mood = 'answers'

  private constructor(words: string) {
    this.#words = words
    this.#server = createServer((request, response) => {
      void this.#hear(request).then((quote) => this.#answer(response, quote))
    })
  }

  static async open(words: string): Promise<TalkativeProvider> {
    const provider = new TalkativeProvider(words)
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve))
    return provider
  }

  get baseUrl(): string {
    // Listening on TCP, so the address has this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** @returns the quote */
  async #hear(request: IncomingMessage): Promise<string> {
    const key = request.headers.authorization ?? ''
    const body = await text(request)
    this.heard.push(key, body)
    return JSON.stringify({ error: { message: `${this.#words} ${key} ${body}`, code: key } })
  }

  #answer(response: ServerResponse, quote: string): void {
    if (this.mood === 'refuses the key') return jsonAnswer(response, 401, quote)
    if (this.mood === 'is overloaded') return jsonAnswer(response, 500, quote)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (this.mood === 'answers nonsense') return void response.end(`data: {${quote}\n\n`)
    response.write(`data: {"choices":[{"index":0,"delta":{"content":${JSON.stringify(this.#words)}}}]}\n\n`)
    if (this.mood === 'breaks off') return void response.end(`data: ${quote}\n\n`)
    response.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
  }
}

const jsonAnswer = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}
