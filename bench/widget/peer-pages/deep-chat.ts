import 'deep-chat'
import type { AnswerPage } from '../pages.js'
import { bodyOf, deltaOf, type Chunk } from './read-answer.js'

/** What is used of it: the types that it ships are not found from a module. */
interface DeepChat extends HTMLElement {
  connect: { readonly url: string; readonly method: string; readonly stream: { partialRender: boolean } }
  requestInterceptor: (details: { readonly body: unknown }) => { readonly body: unknown }
  responseInterceptor: (chunk: Chunk) => { readonly text: string }
  onMessage: (told: { readonly message: { readonly role: string } }) => void
  submitUserMessage(content: { readonly text: string }): void
  clearMessages(): void
}

/**
 * deep-chat as its page connects it to a server of another form: a streamed `connect`, and its two interceptors. It renders the whole
 * text with each delta, unless it is told to render paragraph by paragraph.
 */
const chat = document.createElement('deep-chat') as unknown as DeepChat // Which its package has defined.
const partialRender = new URLSearchParams(location.search).has('partialRender')
chat.connect = { url: '/api/v1/conversations/c/messages', method: 'POST', stream: { partialRender } }
let asked = ''
chat.requestInterceptor = (details) => ({ ...details, body: JSON.parse(bodyOf(asked)) })
chat.responseInterceptor = (chunk) => ({ text: deltaOf(chunk) })
let onAnswer = (): void => {}
chat.onMessage = ({ message }) => void (message.role === 'ai' && onAnswer())
chat.style.cssText = 'width:400px;height:600px;font:15px/1.55 system-ui'
document.querySelector('main')?.replaceWith(chat)

function ask(question: string): Promise<void> {
  asked = question
  return new Promise((resolve) => {
    onAnswer = resolve
    chat.submitUserMessage({ text: question })
  })
}

const page: AnswerPage = {
  ask,
  async warmUp(question) {
    await ask(question)
    chat.clearMessages()
  },
}
Object.assign(window, page)
