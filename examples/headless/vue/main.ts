import { createApp } from 'vue'
import Chat from './Chat.vue'

createApp(Chat).mount(document.body.appendChild(document.createElement('main')))
