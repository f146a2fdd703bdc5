import type { FinishReason, Usage } from '@colloquy/chat-core/protocol'
import type { Completion } from '../../../application/complete-chat/completion.js'
import type { ToolCall } from '../../../domain/ports/index.js'

/** A whole answer as OpenAI's `chat.completion`. @throws what the events throw */
export async function completionBody({ id, model, createdAt, events }: Completion): Promise<object> {
  let [text, reasoning] = ['', '']
  let usage: Usage | null = null
  let finishReason: FinishReason = 'stop'
  const calls = new Map<number, ToolCall>()
  for await (const event of events) {
    if (event.type === 'text') text += event.text
    if (event.type === 'reasoning') reasoning += event.text
    if (event.type === 'usage') usage = event.usage
    if (event.type === 'finish') finishReason = event.reason
    if (event.type === 'tool-call') {
      const { index, id: callId, name, argumentsDelta } = event.delta
      calls.set(index, { id: callId, name, arguments: (calls.get(index)?.arguments ?? '') + argumentsDelta })
    }
  }
  const message = {
    role: 'assistant',
    content: text === '' && calls.size > 0 ? null : text,
    refusal: null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.size > 0 && { tool_calls: [...calls.values()].map(wireCall) }),
  }
  return {
    id,
    object: 'chat.completion',
    created: Math.floor(createdAt / 1000),
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
    // Left out where the provider counts nothing: a made-up count would be worse.
    ...(usage && { usage }),
  }
}

const wireCall = ({ id, name, arguments: json }: ToolCall) => ({
  id,
  type: 'function',
  function: { name, arguments: json },
})
