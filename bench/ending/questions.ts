import type { IncomingMessage } from 'node:http'
import { newVisitor } from '../../packages/chat-proxy/test/support/visitor.js'
import { open as openCall, type Call } from '../proxy-cost/calls.js'

export interface Asked {
  /** The id of its run, and the question. */
  readonly id: string
  /** When its reader heard the end. */
  readonly ended: Promise<number>
}

const AT_ONCE = 32
const TRIES = 20

const open = (port: number, call: Call): Promise<IncomingMessage> => openCall(port, call, false)

/** Someone who asks at one process. */
export class Asker {
  readonly #port: number
  readonly #token: string

  private constructor(port: number, token: string) {
    this.#port = port
    this.#token = token
  }

  static async start(port: number): Promise<Asker> {
    return new Asker(port, await newVisitor(`http://127.0.0.1:${port}`))
  }

  /** In a conversation of its own. @returns when the answer has begun @throws Error when it is refused */
  async ask(): Promise<Asked> {
    const id = `r_${crypto.randomUUID()}`
    const body = JSON.stringify({ title: 'Bench' })
    // The contract says that it is an object with an id.
    const { id: conversation } = (await (await this.post('/api/v1/conversations', body)).json()) as {
      id: string
    }
    const response = await open(this.#port, {
      path: `/api/v1/conversations/${conversation}/messages`,
      headers: { authorization: `Bearer ${this.#token}`, accept: 'text/event-stream' },
      body: JSON.stringify({ content: id, run_id: id }),
    })
    return { id, ...(await begun(response)) }
  }

  /** A few at a time, until so many answers run. */
  async askMany(count: number): Promise<readonly Asked[]> {
    const asked: Asked[] = []
    while (asked.length < count) {
      const next = Math.min(AT_ONCE, count - asked.length)
      asked.push(...(await Promise.all(Array.from({ length: next }, () => this.#askUntilAnswered()))))
    }
    return asked
  }

  /** On a busy machine a store may be taken for dead for a moment. */
  async #askUntilAnswered(): Promise<Asked> {
    for (let left = TRIES; ; left -= 1) {
      try {
        return await this.ask()
      } catch (error) {
        if (left === 0) throw error
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }

  stop(id: string): Promise<Response> {
    return this.post(`/api/v1/runs/${id}/stop`, '')
  }

  /** Asks without waiting for anything. @returns the question */
  tryToAsk(): string {
    const question = crypto.randomUUID()
    const body = { model: 'bench', stream: true, messages: [{ role: 'user', content: question }] }
    open(this.#port, {
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${this.#token}` },
      body: JSON.stringify(body),
    }).then(
      (response) => response.resume().on('error', () => {}),
      () => {},
    )
    return question
  }

  post(path: string, body: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body,
    })
  }
}

/** Resolves with the first word. */
function begun(response: IncomingMessage): Promise<Pick<Asked, 'ended'>> {
  const ended = new Promise<number>((resolve) => {
    const end = (): void => resolve(performance.now())
    response.on('end', end).on('error', end)
  })
  return new Promise((resolve, reject) => {
    response.setEncoding('utf8').on('data', (chunk: string) => chunk.includes('word') && resolve({ ended }))
    void ended.then(() => reject(new Error('The answer ended before it began.')))
  })
}
