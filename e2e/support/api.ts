/** The wire, as any HTTP client sees it: no package of ours in between. */
export class Api {
  readonly #url: string
  readonly #token: string

  private constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  static async startSession(url: string): Promise<Api> {
    const response = await fetch(`${url}/api/v1/chat/start`, { method: 'POST', headers: { origin: url } })
    if (response.status !== 201) throw new Error(`chat/start answered ${response.status}`)
    const { token } = (await response.json()) as { token: string }
    return new Api(url, token)
  }

  post(path: string, body: unknown, accept = 'application/json'): Promise<Response> {
    return this.#call('POST', path, { accept, 'content-type': 'application/json' }, JSON.stringify(body))
  }

  get(path: string): Promise<Response> {
    return this.#call('GET', path, { accept: 'application/json' })
  }

  /** Asks in a new conversation and returns the answer's stream as it is. */
  async ask(content: string): Promise<Response> {
    const created = await this.post('/api/v1/conversations', {})
    const { id } = (await created.json()) as { id: string }
    return this.post(`/api/v1/conversations/${id}/messages`, { content }, 'text/event-stream')
  }

  #call(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Response> {
    const authorized = { ...headers, authorization: `Bearer ${this.#token}` }
    return fetch(this.#url + path, { method, headers: authorized, ...(body === undefined ? {} : { body }) })
  }
}

/** Reads a body as text, telling what has come so far after every piece. */
export async function readText(
  response: Response,
  onText: (soFar: string) => void = () => {},
): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    onText(text)
  }
  return text
}

/** The `data:` of each event of an event stream. */
export const dataOf = (stream: string): string[] =>
  stream.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []))

/** The text that the deltas of a stream add up to. */
export const answerOf = (stream: string): string =>
  dataOf(stream)
    .filter((data) => data !== '[DONE]')
    .map((data) => {
      const chunk = JSON.parse(data) as { choices: { delta: { content?: string } }[] }
      return chunk.choices[0]?.delta.content ?? ''
    })
    .join('')
