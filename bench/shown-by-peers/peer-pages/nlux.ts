import { createAiChat, type AiChat, type StreamingAdapterObserver } from '@nlux/core'
import { markdown } from '../../../packages/chat-widget/test/screenshot-states.mjs'
import { main } from './main.js'

/** NLUX with an adapter in place of a server, and everything else as it comes. */
let chat: AiChat | undefined
let onAsked = (_observer: StreamingAdapterObserver): void => {}

function mount(answer?: string): Promise<void> {
  clear()
  return new Promise((resolve) => {
    const next: AiChat = createAiChat()
    chat = next
      .withAdapter({
        streamText: (_message: string, observer: StreamingAdapterObserver) => onAsked(observer),
      })
      .on('ready', () => resolve())
    if (answer !== undefined)
      chat.withInitialConversation([
        { role: 'user', message: 'Where is my order?' },
        { role: 'assistant', message: answer },
      ])
    chat.mount(main)
  })
}

function clear(): void {
  chat?.unmount()
  chat = undefined
  main.replaceChildren()
}

const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done))

/** It is mounted before its parts are, and those before what they hold. */
async function there<T extends Element>(selector: string): Promise<T> {
  for (;;) {
    const found = main.querySelector<T>(selector)
    if (found) return found
    await frame()
  }
}

/** By its composer: it has no method for that. */
async function asked(): Promise<StreamingAdapterObserver> {
  await mount()
  const input = await there<HTMLTextAreaElement>('textarea')
  input.value = 'Where is my order?'
  input.dispatchEvent(new Event('input', { bubbles: true }))
  const button = await there<HTMLButtonElement>('button:not([disabled])')
  const observer = new Promise<StreamingAdapterObserver>((resolve) => (onAsked = resolve))
  button.click()
  return observer
}

async function show(answer: string): Promise<void> {
  await mount(answer)
  await there('.nlux-comp-chatItem--received .nlux-markdownStream-root')
  await frame()
}

window.peer = {
  root: main,
  // What streams it writes letter by letter, by a timer of its own, and does not tell when it is done.
  show: (pieces) => show(pieces.join('')),
  clear,
  states: {
    empty: () => mount(),
    conversation: () => show(markdown),
    async typing() {
      await asked()
    },
    async streaming() {
      const observer = await asked()
      observer.next(markdown.slice(0, 300))
    },
    async error() {
      const observer = await asked()
      observer.error(new Error('The model does not answer.'))
    },
  },
}
