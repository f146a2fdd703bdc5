import type { PanelView } from '../chat-panel/chat-panel.js'
import type { DraftController } from '../controllers/draft-controller.js'
import { listParts } from '../parts/lazy-parts.js'
import type { ChatRequestHandlers } from '../requests/chat-request.js'
import type { WidgetClient } from './open-client.js'

/** What `<chat-widget>` can do for its parts. */
export interface RequestTarget {
  readonly draft: DraftController
  client(): WidgetClient
  /** Asks the page whether `text` may be sent. @returns what is to be sent, or null */
  allowed(text: string): string | null
  /** Sends what the page has allowed. */
  ask(text: string): Promise<unknown>
  showView(view: PanelView): void
  /** Puts the focus where the visitor goes on. */
  moveFocus(): void
  newConversation(): void
  toggle(): void
  close(): void
}

/** What is done for each request of a part. */
export function requestHandlers(target: RequestTarget): ChatRequestHandlers {
  const client = (): WidgetClient => target.client()
  return {
    draft: ({ text }) => target.draft.write(text),
    'send-draft': ({ text }) => void sendDraft(target, text),
    send: ({ text }) => {
      const allowed = target.allowed(text)
      if (allowed !== null) ignoreRefusal(target.ask(allowed))
    },
    stop: () => void client().stop(),
    retry: ({ messageId }) => void client().retry(messageId),
    regenerate: ({ messageId }) => void client().versions.regenerate(messageId),
    edit: ({ messageId, text }) => {
      const allowed = target.allowed(text)
      if (allowed !== null) ignoreRefusal(client().versions.edit(messageId, allowed))
      target.moveFocus()
    },
    'select-version': ({ messageId }) => client().versions.select(messageId),
    reconnect: () => void client().start(),
    'new-conversation': () => {
      target.newConversation()
      target.moveFocus()
    },
    'open-conversation': ({ id }) => {
      target.draft.open(id)
      void client().history.open(id)
      target.showView('messages')
    },
    // A refusal is in the snapshot's error already.
    'delete-conversation': ({ id }) => ignoreRefusal(client().history.remove(id)),
    'show-conversations': () => {
      void client().history.list()
      void listParts.load().then(() => target.showView('conversations'))
    },
    'show-messages': () => target.showView('messages'),
    toggle: () => target.toggle(),
    close: () => target.close(),
  }
}

/** The text leaves the composer with the question, and comes back when it could not even be tried. */
async function sendDraft(target: RequestTarget, text: string): Promise<void> {
  const allowed = target.allowed(text)
  if (allowed === null) return
  target.draft.write('')
  try {
    await target.ask(allowed)
  } catch {
    if (target.draft.text === '') target.draft.write(text)
  }
}

function ignoreRefusal(task: Promise<unknown>): void {
  task.catch(() => undefined)
}
