import { createChatClient } from '@colloquy/chat-core'
import { useChatSnapshot } from '@colloquy/chat-core/react'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'

const client = createChatClient({ baseUrl: 'http://localhost:8787' })

function Chat(): ReactElement {
  const { messages, phase, error } = useChatSnapshot(client)
  const send = (form: FormData): void => {
    const question = form.get('question')
    if (typeof question === 'string') void client.send(question)
  }
  return (
    <>
      <ol>
        {messages.map(({ id, role, content, status }) => (
          <li key={id} data-role={role} data-status={status}>
            {content}
          </li>
        ))}
      </ol>
      {error && <p role="alert">{error.message}</p>}
      <form action={send}>
        <input name="question" aria-label="Question" required />
        <button disabled={phase !== 'idle'}>Send</button>
        <button type="button" hidden={phase === 'idle'} onClick={() => void client.stop()}>
          Stop
        </button>
      </form>
    </>
  )
}

createRoot(document.body.appendChild(document.createElement('main'))).render(<Chat />)
