import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport, type UIMessage } from 'ai'
import { cpuOf, streamOf } from './answer-stream.js'

/**
 * What the chat behind `useChat` costs per delta, without React: its transport, its message stream, its state.
 * @param history messages that are there before
 * @returns microseconds
 * @throws Error when the answer is not whole
 */
export async function aiSdkDelta(deltas: number, history: number): Promise<number> {
  const frames = framesFor(deltas)
  const chat = new Chat({
    messages: Array.from({ length: history }, (_, index) => messageOf(index)),
    transport: new DefaultChatTransport({
      api: 'http://bench.invalid',
      fetch: async () => new Response(streamOf(frames), { headers: { 'content-type': 'text/event-stream' } }),
    }),
  })
  chat['~registerMessagesCallback'](() => void chat.messages.length)
  const used = await cpuOf(() => chat.sendMessage({ text: 'go' }))
  const text = chat.lastMessage?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  if (text?.length !== deltas * WORD.length)
    throw new Error('The answer is not whole; the figure would mean nothing.')
  return used / deltas
}

const WORD = 'word '

const messageOf = (index: number): UIMessage => ({
  id: `m_${index}`,
  role: index % 2 === 0 ? 'user' : 'assistant',
  parts: [{ type: 'text', text: 'A message of some length, as people write them. '.repeat(4) }],
})

function framesFor(deltas: number): Uint8Array[] {
  const encoder = new TextEncoder()
  const id = 'text'
  const parts = [
    { type: 'start', messageId: 'a_bench' },
    { type: 'text-start', id },
    ...Array.from({ length: deltas }, () => ({ type: 'text-delta', id, delta: WORD })),
    { type: 'text-end', id },
    { type: 'finish' },
  ]
  return [...parts.map((part) => JSON.stringify(part)), '[DONE]'].map((data) =>
    encoder.encode(`data: ${data}\n\n`),
  )
}
