import { ChatError } from '../errors/chat-error.js'
import type { ChatClient } from './chat-client.js'
import type { ClientContext } from './client-context.js'
import { createContext } from './create-context.js'
import { Conversations } from './conversations.js'
import type { ChatClientOptions } from './options.js'
import { Sender } from './sender.js'
import { createTurnRunner, type TurnRunner } from './turn-runner.js'

/**
 * A headless chat. Nothing happens until a method is called.
 *
 * @example
 * const client = createChatClient({ baseUrl: 'https://chat.example.com' })
 * client.subscribe(() => render(client.getSnapshot().messages))
 * await client.send('Hello')
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  const life = new AbortController()
  const context = createContext(options, life.signal)
  const runner = createTurnRunner(context)
  const conversations = new Conversations(context, runner)
  const sender = new Sender(context, runner, conversations)
  const stopListening = listen(context, runner)
  return {
    getSnapshot: () => context.store.getSnapshot(),
    subscribe: (listener) => context.store.subscribe(listener),
    start: () => conversations.start(),
    send: (content) => sender.send(content),
    retry: (messageId) => sender.retry(messageId),
    stop: async () => {
      if (context.state.open) await runner.stop(context.state.open)
    },
    newConversation: () => conversations.open(null),
    openConversation: (id) => conversations.load(id),
    listConversations: () => conversations.list(),
    deleteConversation: (id) => conversations.remove(id),
    signOut: () => signOut(context, runner, conversations),
    destroy: () => {
      stopListening()
      life.abort(new ChatError('aborted', 'The client was destroyed.'))
      context.store.destroy()
    },
  }
}

/** Shows the state of the line, and reads on, when it is back, what was lost with it. */
function listen(context: ClientContext, runner: TurnRunner): () => void {
  return context.platform.onWake((reason) => {
    context.store.touch()
    if (reason === 'hidden' || reason === 'offline') return
    for (const turn of runner.parked.values()) {
      const conversation = context.state.held.get(turn.conversationId)
      if (conversation) void runner.run(conversation, turn)
    }
  })
}

async function signOut(
  context: ClientContext,
  runner: TurnRunner,
  conversations: Conversations,
): Promise<void> {
  const open = [...context.state.held.values()]
  await Promise.all(open.map((conversation) => runner.stop(conversation)))
  runner.parked.clear()
  context.state.held.clear()
  context.state.conversations = []
  context.session.forget()
  conversations.open(null)
  await context.storage.clear()
  context.store.flush()
}
