import { Agent, request, type IncomingMessage } from 'node:http'

export interface Call {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Connections are kept: what is measured is the call. */
const agent = new Agent({ keepAlive: true, maxSockets: Infinity, scheduling: 'fifo' })

/**
 * @param by `false`: over a connection of its own, as a kept one may be closed by the server in the moment it is taken
 * @returns the response, its body unread @throws Error for a status other than 2xx
 */
export function open(
  port: number,
  { path, headers, body }: Call,
  by: Agent | false = agent,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path,
        agent: by,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        const status = response.statusCode ?? 0
        if (status < 300) return resolve(response)
        response.resume()
        return reject(new Error(`${path} answered ${status}`))
      },
    )
    sent.on('error', reject).end(body)
  })
}

/** Reads to the end. @returns the bytes that came, and when the first data event did */
export function drain(response: IncomingMessage): Promise<{ bytes: number; text: string }> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    let tail = ''
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      tail = (tail + chunk.toString('latin1')).slice(-2000)
    })
    response.on('end', () => resolve({ bytes, text: tail })).on('error', reject)
  })
}

/** What a client of OpenAI's contract sends; the same to nginx and to the endpoint itself. */
export const completion = (stream: boolean): Call => ({
  path: '/v1/chat/completions',
  headers: { authorization: 'Bearer sk-bench' },
  body: JSON.stringify({ model: 'bench', stream, messages: [{ role: 'user', content: 'Say something.' }] }),
})

/** A question of a visitor with a conversation of its own: identity, limits, storage and a durable run. */
export async function question(port: number, accept: string): Promise<Call> {
  const started = await post(port, '/api/v1/chat/start', {})
  const authorization = `Bearer ${String(started['token'])}`
  const conversation = await post(port, '/api/v1/conversations', { authorization })
  return {
    path: `/api/v1/conversations/${String(conversation['id'])}/messages`,
    headers: { authorization, accept },
    body: JSON.stringify({ content: 'Say something.' }),
  }
}

async function post(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<Record<string, unknown>> {
  const response = await open(port, { path, headers, body: '{}' })
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer) // Without an encoding the chunks are buffers.
  // The contract says that it is an object, and tests hold it to that.
  return JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
}
