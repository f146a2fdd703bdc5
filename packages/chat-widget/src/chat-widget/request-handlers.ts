import { isChatError } from '@colloquy/chat-core'
import type { PanelView } from '../chat-panel/options.js'
import type { DraftController } from '../controllers/draft-controller.js'
import type { NoticeController } from '../controllers/notice-controller.js'
import type { SearchController } from '../controllers/search-controller.js'
import { ChatFeedbackEvent, type ChatFeedback } from '../events/events.js'
import { errorWords } from '../locale/format.js'
import type { ChatStrings } from '../locale/strings.js'
import { listParts, messageParts } from '../parts/parts-on-demand.js'
import type { ChatRequestHandlers, ChatRequestName } from '../requests/chat-request.js'
import type { WidgetClient } from './open-client.js'

/** What `<chat-widget>` can do for its parts. */
export interface RequestTarget {
  readonly draft: DraftController
  readonly notice: NoticeController
  readonly search: SearchController
  readonly strings: () => ChatStrings
  /** Calls `task` with the client, as soon as that is there. */
  use<T>(task: (client: WidgetClient) => T): Promise<Awaited<T>>
  /** Asks the page whether `text` may be sent. @returns what is to be sent, or null */
  allowed(text: string): string | null
  /** Sends what the page has allowed. */
  ask(text: string): Promise<unknown>
  showView(view: PanelView): void
  /** Tells the page. @returns false where the page keeps what it is told of from being done */
  announce(event: Event): boolean
  /** Puts the focus where the visitor goes on. */
  moveFocus(): void
  newConversation(): void
  toggle(): void
  close(): void
}

/** What is done for each request of a part. */
export const requestHandlers = (target: RequestTarget): ChatRequestHandlers => ({
  ...aboutMessages(target),
  ...aboutConversations(target),
  reconnect: () => use(target, (client) => client.start()),
  'act-on-notice': () => target.notice.act(),
  'hold-notice': ({ held }) => target.notice.hold(held),
  'show-messages': () => target.showView('messages'),
  toggle: () => target.toggle(),
  close: () => target.close(),
})

type Handlers<N extends ChatRequestName> = Pick<ChatRequestHandlers, N>

function aboutMessages(
  target: RequestTarget,
): Handlers<
  'draft' | 'send-draft' | 'send' | 'stop' | 'retry' | 'regenerate' | 'edit' | 'feedback' | 'select-version'
> {
  return {
    draft({ text }) {
      target.draft.write(text)
      // Whoever writes will send: what shows messages is there by then. What does not come is asked for again with the first one.
      ignoreRefusal(messageParts.load())
    },
    'send-draft': ({ text }) => void sendDraft(target, text),
    send({ text }) {
      const allowed = target.allowed(text)
      if (allowed === null) return
      ignoreRefusal(target.ask(allowed))
      // What offered the question goes with the asking.
      target.moveFocus()
    },
    stop: () => use(target, (client) => client.stop()),
    retry({ messageId }) {
      use(target, (client) => client.retry(messageId))
      // The button goes with the answer that it stood at.
      target.moveFocus()
    },
    regenerate({ messageId }) {
      use(target, ({ versions }) => versions.regenerate(messageId))
      target.moveFocus()
    },
    edit({ messageId, text }) {
      const allowed = target.allowed(text)
      if (allowed !== null) use(target, ({ versions }) => versions.edit(messageId, allowed))
      target.moveFocus()
    },
    feedback: (feedback) => tellRefusal(target, rate(target, feedback)),
    'select-version': ({ messageId }) => use(target, ({ versions }) => versions.select(messageId)),
  }
}

function aboutConversations(
  target: RequestTarget,
): Handlers<
  | 'older-messages'
  | 'new-conversation'
  | 'open-conversation'
  | 'delete-conversation'
  | 'rename-conversation'
  | 'search-conversations'
  | 'show-conversations'
> {
  const trying = (task: (client: WidgetClient) => Promise<unknown>): void =>
    tellRefusal(target, target.use(task))
  return {
    // What does not come is asked for again by who scrolls up again, in another conversation or after a reload.
    'older-messages': () => use(target, ({ history }) => history.older()),
    'new-conversation'() {
      target.newConversation()
      target.moveFocus()
    },
    'open-conversation'({ id }) {
      target.draft.open(id)
      use(target, ({ history }) => history.open(id))
      target.showView('messages')
    },
    'delete-conversation': ({ id }) => trying((client) => remove(target, client, id)),
    'rename-conversation': ({ id, title }) => trying(({ history }) => history.rename(id, title)),
    'search-conversations': ({ query }) => use(target, (client) => target.search.run(client, query)),
    'show-conversations'() {
      use(target, ({ history }) => history.list())
      tellRefusal(
        target,
        listParts.load().then(() => target.showView('conversations')),
      )
    },
  }
}

/** For what the state itself tells of, when it fails. */
function use(target: RequestTarget, task: (client: WidgetClient) => unknown): void {
  ignoreRefusal(target.use(task))
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

async function rate(target: RequestTarget, given: ChatFeedback): Promise<void> {
  if (!target.announce(new ChatFeedbackEvent(given))) return
  const { messageId, rating, comment } = given
  await target.use(({ feedback }) => feedback.rate(messageId, rating, comment ?? undefined))
}

/** Deletes at once, and lets it be undone: a question before would be one too many, nearly always. */
async function remove(target: RequestTarget, client: WidgetClient, id: string): Promise<void> {
  const wasOpen = client.getSnapshot().conversationId === id
  await client.history.remove(id)
  const undo = async (): Promise<void> => {
    await client.history.restore(id)
    if (wasOpen) await client.history.open(id)
  }
  const { deleted, undo: label } = target.strings()
  const run = (): void => {
    tellRefusal(target, undo())
    target.moveFocus()
  }
  target.notice.show({ words: deleted, action: { label, run } })
}

/** Says it when something could not be done, where no message and no error of the conversation does. */
function tellRefusal(target: RequestTarget, task: Promise<unknown>): void {
  task.catch((error: unknown) => {
    const strings = target.strings()
    // Those about being offline are for questions, which are tried again.
    const isOwn = isChatError(error) && error.code !== 'offline'
    const words = isOwn ? errorWords(error, strings, null) : strings.unreachable
    target.notice.show({ words: `${strings.notDone} ${words.what} ${words.next}`, action: null })
  })
}

function ignoreRefusal(task: Promise<unknown>): void {
  task.catch(() => undefined)
}
