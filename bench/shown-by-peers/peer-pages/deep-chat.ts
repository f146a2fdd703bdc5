import 'deep-chat'
import { markdown } from '../../../packages/chat-widget/test/screenshot-states.mjs'
import { main } from './main.js'

/** What is used of it: the types that it ships are not found from a module. */
interface DeepChat extends HTMLElement {
  connect: { readonly stream: boolean; readonly handler: (body: unknown, signals: Signals) => void }
  onComponentRender: () => void
  submitUserMessage(content: { readonly text: string }): void
  addMessage(message: { readonly text: string; readonly role: 'ai' | 'user' }): void
  clearMessages(): void
}

interface Signals {
  onOpen(): void
  onResponse(response: { readonly text: string } | { readonly error: string }): Promise<void>
  onClose(): void
}

/** deep-chat with a handler in place of a server, and everything else as it comes. */
const chat = document.createElement('deep-chat') as unknown as DeepChat // Which its package has defined.
const rendered = new Promise<void>((resolve) => (chat.onComponentRender = resolve))
let onAsked = (_signals: Signals): void => {}
chat.connect = { stream: true, handler: (_body, signals) => onAsked(signals) }
chat.style.cssText = 'width:100%;height:600px'
main.append(chat)

function asked(): Promise<Signals> {
  return new Promise((resolve) => {
    onAsked = resolve
    chat.submitUserMessage({ text: 'Where is my order?' })
  })
}

async function show(pieces: readonly string[]): Promise<void> {
  await rendered
  const [whole, ...more] = pieces
  if (whole !== undefined && more.length === 0) return chat.addMessage({ text: whole, role: 'ai' })
  const signals = await asked()
  signals.onOpen()
  for (const text of pieces) await signals.onResponse({ text })
  signals.onClose()
}

window.peer = {
  // Its own element is the root of nothing before it is rendered.
  get root() {
    return chat.shadowRoot?.querySelector('#messages') ?? chat
  },
  show,
  clear: () => chat.clearMessages(),
  states: {
    empty: () => rendered,
    async conversation() {
      await rendered
      chat.addMessage({ text: 'How do I return my shoes?', role: 'user' })
      chat.addMessage({ text: markdown, role: 'ai' })
    },
    async typing() {
      await rendered
      await asked()
    },
    async streaming() {
      await rendered
      const signals = await asked()
      signals.onOpen()
      await signals.onResponse({ text: markdown.slice(0, 300) })
    },
    async error() {
      await rendered
      const signals = await asked()
      // It never comes to an end with that.
      void signals.onResponse({ error: 'The model does not answer.' })
    },
  },
}
