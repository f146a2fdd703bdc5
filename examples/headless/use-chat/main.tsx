import { useChat } from '@ai-sdk/react'
import { createChatClient } from '@colloquy/chat-core'
import { createDurableTransport } from '@colloquy/chat-core/ai-sdk'
import { createHistory, createWebStorage } from '@colloquy/chat-core/history'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'

const client = createChatClient({
  baseUrl: 'http://localhost:8787',
  parts: { history: createHistory({ storage: createWebStorage('chat') }), aiSdk: createDurableTransport() },
})
void client.start()
function Chat({ id }: { id: string }): ReactElement {
  const { messages, sendMessage, status, error } = useChat({ id, transport: client.aiSdk, resume: true })
  const isIdle = status === 'ready' || status === 'error'
  const send = async (form: FormData): Promise<void> => {
    const text = form.get('question')
    if (typeof text === 'string') await sendMessage({ text })
  }
  return (
    <>
      <ol>
        {messages.map(({ id: key, role, parts }) => (
          <li key={key} data-role={role} data-status={isIdle ? 'done' : status}>
            {parts.map((part) => (part.type === 'text' ? part.text : ''))}
          </li>
        ))}
      </ol>
      {error && <p role="alert">{error.message}</p>}
      <form action={send}>
        <input name="question" aria-label="Question" required />
        <button disabled={!isIdle}>Send</button>
        <button type="button" hidden={isIdle} onClick={() => void client.aiSdk.stop(id)} children="Stop" />
      </form>
    </>
  )
}

const chatId = (sessionStorage['chat'] ??= `chat_${crypto.randomUUID()}`)
createRoot(document.body.appendChild(document.createElement('main'))).render(<Chat id={chatId} />)
