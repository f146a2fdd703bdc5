import '@colloquy/chat-widget/define'
import type { ChatMessageEvent } from '@colloquy/chat-widget'
import { createApp, defineComponent, h, ref } from 'vue'

/** Written as a render function: a strict policy allows no templates that are compiled in the page. */
const App = defineComponent(() => {
  const asked = ref(0)
  const count = ({ detail }: ChatMessageEvent): void => {
    if (detail.role === 'user') asked.value += 1
  }
  return () =>
    h('main', [
      h('h1', 'A Vue app with a chat in it'),
      h('p', `Questions asked so far: ${asked.value}`),
      h('chat-widget', { mode: 'inline', heading: 'Ask from Vue', 'onChat-message': count }),
    ])
})

createApp(App).mount('#app')
