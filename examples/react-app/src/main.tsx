import { ChatWidget } from '@colloquy/chat-widget/react'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'

function App() {
  const [asked, setAsked] = useState(0)
  return (
    <main>
      <h1>A React app with a chat in it</h1>
      <p>Questions asked so far: {asked}</p>
      <ChatWidget
        mode="inline"
        heading="Ask from React"
        onChatMessage={({ detail }) => detail.role === 'user' && setAsked((count) => count + 1)}
      />
    </main>
  )
}

const place = document.querySelector('#app')
if (place) createRoot(place).render(<App />)
