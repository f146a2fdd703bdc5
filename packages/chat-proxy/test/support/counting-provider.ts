import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** How an answer ends for which `go` was said. */
export type Ending = 'whole' | 'reset' | 'count, then reset' | 'silence'

/** What becomes of one question. */
export interface Fate {
  /** Before a word: so many times 500, then as below; `Infinity`: always. */
  readonly refusals?: number
  /** Nothing is said at all. */
  readonly atOnce?: 'reset' | 'silence'
  /** With every word, and not only at the end. */
  readonly counts?: boolean
  readonly ending: Ending
}

interface Call {
  readonly fate: Fate
  readonly words: number
  /** Known when it has come. */
  promptTokens: number
  refused: number
  /** What the provider itself would put on the bill. */
  tokens: number
  readonly go: Promise<void>
  readonly sayGo: () => void
}

const CHARS_A_TOKEN = 4
/** Until what was written has been read, so that a reset does not take it. */
const READ_MS = 50

const usageOf = ({ promptTokens }: Call, words: number) => ({
  prompt_tokens: promptTokens,
  completion_tokens: words,
  total_tokens: promptTokens + words,
})
const frame = (choices: readonly object[], usage?: object): string =>
  `data: ${JSON.stringify({ choices, ...(usage && { usage }) })}\n\n`

/** A provider that fails in every way, and knows itself how many tokens it used. The question is the name of its call. */
export class CountingProvider {
  readonly #server: Server
  readonly #calls = new Map<string, Call>()

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  static async open(): Promise<CountingProvider> {
    const provider = new CountingProvider()
    provider.#server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
    await once(provider.#server, 'listening')
    return provider
  }

  get url(): string {
    // A listening TCP server has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  /** What is to become of a question that will come. */
  expect(name: string, fate: Fate, words: number): void {
    let sayGo = (): void => {}
    const go = new Promise<void>((resolve) => (sayGo = resolve))
    this.#calls.set(name, { fate, words, promptTokens: 0, refused: 0, tokens: 0, go, sayGo })
  }

  /** All words of the answer have arrived: it may end. */
  go(name: string): void {
    this.#calls.get(name)?.sayGo()
  }

  wordsOf(name: string): number {
    return this.#calls.get(name)?.words ?? 0
  }

  tokensOf(name: string): number {
    return this.#calls.get(name)?.tokens ?? 0
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The proxy sends what OpenAI's contract says.
    const { messages } = JSON.parse(await text(request)) as { messages: readonly { content: string }[] }
    const call = this.#calls.get(messages.at(-1)?.content ?? '')
    if (!call) return void response.writeHead(400).end()
    const { fate } = call
    call.promptTokens = Math.ceil(messages.map(({ content }) => content).join('').length / CHARS_A_TOKEN)
    if (call.refused < (fate.refusals ?? 0)) {
      call.refused += 1
      return void response
        .writeHead(500, { 'content-type': 'application/json', 'retry-after-ms': '10' })
        .end('{}')
    }
    if (fate.atOnce === 'reset') return void response.socket?.resetAndDestroy()
    if (fate.atOnce === 'silence') return
    this.#speak(call, response)
    await call.go
    finish(call, response)
  }

  #speak(call: Call, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let said = 1; said <= call.words; said += 1) {
      const choices = [{ index: 0, delta: { content: 'word ' } }]
      response.write(call.fate.counts === true ? frame(choices, usageOf(call, said)) : frame(choices))
    }
    call.tokens = usageOf(call, call.words).total_tokens
  }
}

function finish(call: Call, response: ServerResponse): void {
  const { ending } = call.fate
  const end = frame([{ index: 0, delta: {}, finish_reason: 'stop' }], usageOf(call, call.words))
  if (ending === 'whole') response.end(`${end}data: [DONE]\n\n`)
  if (ending === 'reset') response.socket?.resetAndDestroy()
  if (ending === 'count, then reset')
    response.write(end, () => setTimeout(() => response.socket?.resetAndDestroy(), READ_MS))
}
