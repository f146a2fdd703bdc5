import { ChatError } from '../errors/chat-error.js'
import type { ChatClient } from './chat-client.js'
import type { ClientContext } from './client-context.js'
import { createContext } from './create-context.js'
import { Conversations } from './conversations.js'
import type { ChatClientOptions } from './options.js'
import { Sender } from './sender.js'
import { followTabs } from './follow-tabs.js'
import { TurnRunner } from './turn-runner.js'

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
  const runner = new TurnRunner(context)
  const conversations = new Conversations(context, runner)
  const sender = new Sender(context, runner, conversations)
  const releases = [listen(context, runner), followTabs(context, runner, conversations)]
  return {
    getSnapshot: () => context.store.getSnapshot(),
    subscribe: (listener) => context.store.subscribe(listener),
    start: () => conversations.start(),
    send: (content) => sender.send(content),
    retry: (messageId) => sender.retry(messageId),
    regenerate: (messageId) => sender.regenerate(messageId),
    edit: (messageId, content) => sender.edit(messageId, content),
    versions: (messageId) => context.state.open?.tree.versions(messageId) ?? [],
    selectVersion: (messageId) => conversations.selectVersion(messageId),
    stop: async () => {
      if (context.state.open) await runner.stop(context.state.open)
    },
    newConversation: () => conversations.open(null),
    openConversation: (id) => conversations.load(id),
    listConversations: () => conversations.list(),
    deleteConversation: (id) => conversations.remove(id),
    signOut: () => signOut(context, runner, conversations),
    destroy: () => {
      for (const release of releases) release()
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
  conversations.dropAll()
  context.tabs.tell({ type: 'signed-out' })
  await context.storage.clear()
}
