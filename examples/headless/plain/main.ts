import { createChatClient, type ChatMessage } from '@colloquy/chat-core'

const client = createChatClient({ baseUrl: 'http://localhost:8787' })

const list = document.createElement('ol')
const form = document.createElement('form')
form.innerHTML =
  '<input aria-label="Question" required /><button>Send</button><button type="button">Stop</button>'
document.body.append(list, form)

const input = form.querySelector('input')
const [send, stop] = form.querySelectorAll('button')
form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (input) void client.send(input.value)
  form.reset()
})
stop?.addEventListener('click', () => void client.stop())

client.subscribe(() => {
  const { messages, phase, error } = client.getSnapshot()
  list.replaceChildren(...messages.map(itemOf))
  if (send) send.disabled = phase !== 'idle'
  if (stop) stop.hidden = phase === 'idle'
  if (error) list.append(error.message)
})

function itemOf({ role, content, status }: ChatMessage): HTMLElement {
  const item = document.createElement('li')
  item.textContent = content
  item.dataset['role'] = role
  item.dataset['status'] = status
  return item
}
