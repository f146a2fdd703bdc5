import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An OpenAI-compatible endpoint that says a fixed text slowly, and counts how often each question reached it. */
export class SlowUpstream {
  readonly #server: Server
  readonly calls = new Map<string, number>()
  /** So many of the next calls are answered with 503. */
  refusals = 0
  /** Tokens by its own count, of answers that came to their end. */
  readonly counted = { prompt: 0, completion: 0 }
  /** Letters of a question that are one token. */
  lettersAToken = 4
  /** So many words of each answer are said, and the rest when more are allowed: nobody has to be faster than a running answer. */
  mostWords = Infinity
  /** Answers that it is giving now. */
  open = 0

  private constructor(
    private readonly words: readonly string[],
    private readonly gapMs: number,
  ) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => this.#answer(Buffer.concat(chunks).toString(), response))
    })
  }

  static async open(words: readonly string[], gapMs: number): Promise<SlowUpstream> {
    const upstream = new SlowUpstream(words, gapMs)
    await new Promise<void>((resolve) => upstream.#server.listen(0, '127.0.0.1', resolve))
    return upstream
  }

  get url(): string {
    // A listening TCP server has an address of this form.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  /** A word is a token. */
  #count(messages: readonly { readonly content: string }[]): string {
    const letters = messages.reduce((sum, { content }) => sum + content.length, 0)
    const [prompt, completion] = [Math.ceil(letters / this.lettersAToken), this.words.length]
    this.counted.prompt += prompt
    this.counted.completion += completion
    return usageFrame(prompt, completion)
  }

  #answer(body: string, response: ServerResponse): void {
    const { messages }: { messages: { content: string }[] } = JSON.parse(body)
    const question = messages.at(-1)?.content ?? ''
    this.calls.set(question, (this.calls.get(question) ?? 0) + 1)
    if (this.refusals > 0) {
      this.refusals -= 1
      response.writeHead(503).end()
      return
    }
    this.open += 1
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let next = 0
    const timer = setInterval(() => {
      if (next >= this.mostWords) return
      const word = this.words[next]
      next += 1
      if (word !== undefined) {
        response.write(frame({ content: word }, null))
        return
      }
      clearInterval(timer)
      response.end(`${frame({}, 'stop')}${this.#count(messages)}data: [DONE]\n\n`)
    }, this.gapMs)
    response.on('close', () => {
      this.open -= 1
      clearInterval(timer)
    })
  }
}

const usageFrame = (prompt: number, completion: number): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-slow',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'slow',
    choices: [],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  })}\n\n`

const frame = (delta: object, finishReason: string | null): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-slow',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'slow',
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  })}\n\n`
