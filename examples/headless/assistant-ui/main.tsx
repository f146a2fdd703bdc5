import { useChat } from '@ai-sdk/react'
import * as ui from '@assistant-ui/react'
import { useAISDKRuntime } from '@assistant-ui/react-ai-sdk'
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
  const runtime = useAISDKRuntime(useChat({ id, transport: client.aiSdk, resume: true }))
  return (
    <ui.AssistantRuntimeProvider runtime={runtime}>
      <ol>
        <ui.ThreadPrimitive.Messages>
          {({ message: { role, status } }) => (
            <li data-role={role} data-status={status?.type === 'running' ? 'streaming' : 'done'}>
              <ui.MessagePrimitive.Parts />
            </li>
          )}
        </ui.ThreadPrimitive.Messages>
      </ol>
      <ui.ComposerPrimitive.Root>
        <ui.ComposerPrimitive.Input aria-label="Question" />
        <ui.ComposerPrimitive.Send>Send</ui.ComposerPrimitive.Send>
        <ui.AuiIf condition={({ thread }) => thread.isRunning}>
          <button type="button" onClick={() => void client.aiSdk.stop(id)} children="Stop" />
        </ui.AuiIf>
      </ui.ComposerPrimitive.Root>
    </ui.AssistantRuntimeProvider>
  )
}

const chatId = (sessionStorage['chat'] ??= `chat_${crypto.randomUUID()}`)
createRoot(document.body.appendChild(document.createElement('main'))).render(<Chat id={chatId} />)
