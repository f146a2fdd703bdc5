import { isChatError } from '@colloquy/chat-core'
import type { PanelView } from '../chat-panel/chat-panel.js'
import type { DraftController } from '../controllers/draft-controller.js'
import type { NoticeController } from '../controllers/notice-controller.js'
import type { SearchController } from '../controllers/search-controller.js'
import { ChatFeedbackEvent, type ChatFeedback } from '../events/events.js'
import { errorWords } from '../locale/format.js'
import type { ChatStrings } from '../locale/strings.js'
import { listParts, messageParts } from '../parts/lazy-parts.js'
import type { ChatRequestHandlers } from '../requests/chat-request.js'
import type { WidgetClient } from './open-client.js'

/** What `<chat-widget>` can do for its parts. */
export interface RequestTarget {
  readonly draft: DraftController
  readonly notice: NoticeController
  readonly search: SearchController
  readonly strings: ChatStrings
  client(): WidgetClient
  /** Asks the page whether `text` may be sent. @returns what is to be sent, or null */
  allowed(text: string): string | null
  /** Sends what the page has allowed. */
  ask(text: string): Promise<unknown>
  showView(view: PanelView): void
  /** Tells the page. */
  announce(event: Event): void
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
    draft: ({ text }) => {
      target.draft.write(text)
      // Whoever writes will send: what shows messages is there by then. What does not come is asked for again with the first one.
      ignoreRefusal(messageParts.load())
    },
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
    feedback: (feedback) => tellRefusal(target, rate(target, feedback)),
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
    'delete-conversation': ({ id }) => tellRefusal(target, remove(target, id)),
    'rename-conversation': ({ id, title }) => tellRefusal(target, client().history.rename(id, title)),
    'search-conversations': ({ query }) => void target.search.run(client(), query),
    'act-on-notice': () => target.notice.act(),
    'hold-notice': ({ held }) => target.notice.hold(held),
    'show-conversations': () => {
      void client().history.list()
      tellRefusal(
        target,
        listParts.load().then(() => target.showView('conversations')),
      )
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

async function rate(target: RequestTarget, feedback: ChatFeedback): Promise<void> {
  const { messageId, rating, comment } = feedback
  await target.client().feedback.rate(messageId, rating, comment ?? undefined)
  target.announce(new ChatFeedbackEvent(feedback))
}

/** Deletes at once, and lets it be undone: a question before would be one too many, nearly always. */
async function remove(target: RequestTarget, id: string): Promise<void> {
  const client = target.client()
  const wasOpen = client.getSnapshot().conversationId === id
  await client.history.remove(id)
  const undo = async (): Promise<void> => {
    await client.history.restore(id)
    if (wasOpen) await client.history.open(id)
  }
  const { deleted, undo: label } = target.strings
  const run = (): void => {
    tellRefusal(target, undo())
    target.moveFocus()
  }
  target.notice.show({ words: deleted, action: { label, run } })
}

/** Says it when something could not be done, where no message and no error of the conversation does. */
function tellRefusal(target: RequestTarget, task: Promise<unknown>): void {
  task.catch((error: unknown) => {
    const { strings } = target
    const words = isChatError(error) ? errorWords(error, strings, null) : strings.unreachable
    target.notice.show({ words: `${strings.notDone} ${words.what} ${words.next}`, action: null })
  })
}

function ignoreRefusal(task: Promise<unknown>): void {
  task.catch(() => undefined)
}
