/** Asks the bench's server and reads its stream as the plain page does. @param onDelta with each piece of the answer */
export async function readAnswer(question: string, onDelta: (text: string) => void): Promise<void> {
  const response = await fetch('/api/v1/conversations/c/messages', { method: 'POST', body: bodyOf(question) })
  if (!response.body) throw new Error('There is no answer.')
  let rest = ''
  for await (const text of chunksOf(response.body)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: {')) onDelta(deltaOf(JSON.parse(line.slice(6))))
  }
}

export const bodyOf = (content: string): string =>
  JSON.stringify({ content, run_id: `run_${crypto.randomUUID()}`, message_id: 'm_1', answer_id: 'm_2' })

export const deltaOf = ({ choices }: Chunk): string => choices[0]?.delta.content ?? ''

/** As the bench's server writes it. */
export interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[]
}

async function* chunksOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    yield value
  }
}
