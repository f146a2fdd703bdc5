import type { UIMessage, UIMessageChunk } from 'ai'
import type { ClientCore } from '../chat-client/client-core.js'
import type { Part } from '../chat-client/part.js'
import { stopOnServer } from '../chat-client/stop-on-server.js'
import { newTurn } from '../chat-client/turn.js'
import type { Fetch } from '../transport/http.js'
import type { DurableTransport } from './durable-transport.js'
import { isNothing, readAnswer, type Reading } from './read-answer.js'
import { newUiProgress, type UiProgress } from './ui-progress.js'

export interface DurableTransportOptions {
  /** As given to the client. Default: `globalThis.fetch`. */
  readonly fetch?: Fetch
}

/** An answer that is read, or whose reader has gone. */
interface Held {
  readonly progress: UiProgress
  /** Somebody wants it to end. */
  isStopping: boolean
}

/**
 * Lets the AI SDK's `useChat`, and assistant-ui on top of it, run on the durable runs of a Colloquy proxy, with the session, the
 * identity and the patience of a chat client. The client's own snapshot knows nothing of these answers.
 *
 * @example
 * // The history keeps the visitor over a reload, whose answer `resume` looks for.
 * const history = createHistory({ storage: createWebStorage('my-chat') })
 * const client = createChatClient({ baseUrl, parts: { history, aiSdk: createDurableTransport() } })
 * void client.start()
 * const { messages, sendMessage } = useChat({ id: chatId, transport: client.aiSdk, resume: true })
 */
export const createDurableTransport =
  <M extends UIMessage = UIMessage>({ fetch }: DurableTransportOptions = {}): Part<DurableTransport<M>> =>
  (core) => {
    /** The newest answer of each chat. */
    const held = new Map<string, Held>()
    const read = (chatId: string, first: Reading['first'], signal?: AbortSignal): Read => {
      const answer: Held = { progress: newUiProgress(), isStopping: false }
      held.set(chatId, answer)
      return streamOf(core, answer, { first, fetch, signal })
    }
    return {
      resumeStreamIsReplay: true,
      sendMessages: async ({ chatId, messages, trigger, messageId, abortSignal }) =>
        read(
          chatId,
          {
            method: 'POST',
            path: '/ui/chat',
            body: { id: chatId, messages: messages.map(withTextAlone), trigger, messageId },
          },
          abortSignal,
        ).stream,
      async reconnectToStream({ chatId, abortSignal }) {
        const path = `/ui/chat/${encodeURIComponent(chatId)}/stream`
        const { stream, begun } = read(chatId, { method: 'GET', path }, abortSignal)
        return (await begun) ? stream : null
      },
      async stop(chatId) {
        const answer = held.get(chatId)
        if (!answer || answer.progress.ended || answer.isStopping) return
        answer.isStopping = true
        await stopRun(core, answer)
      },
    }
  }

interface Read {
  readonly stream: ReadableStream<UIMessageChunk>
  /** True with the first piece, false when there is nothing to read. Rejects when that could not be found out. */
  readonly begun: Promise<boolean>
}

function streamOf(
  core: ClientCore,
  answer: Held,
  { signal, ...source }: Pick<Reading, 'first' | 'fetch'> & { readonly signal: AbortSignal | undefined },
): Read {
  const reader = new AbortController()
  const signals = signal ? [reader.signal, signal] : [reader.signal]
  let pieces: ReadableStreamDefaultController<UIMessageChunk>
  const stream = new ReadableStream<UIMessageChunk>({
    start: (controller) => void (pieces = controller),
    cancel: () => reader.abort(),
  })
  const begun = new Promise<boolean>((resolve, reject) => {
    const onChunk = (chunk: UIMessageChunk): void => {
      pieces.enqueue(chunk)
      resolve(true)
      if (answer.isStopping && chunk.type === 'start') void stopRun(core, answer)
    }
    const { progress } = answer
    readAnswer(core, { ...source, progress, onChunk, signal: AbortSignal.any(signals) }).then(
      () => pieces.close(),
      (error: unknown) => {
        pieces.error(error)
        if (isNothing(error)) resolve(false)
        else reject(error)
      },
    )
  })
  // Who only reads hears of a failure through the stream.
  begun.catch(() => {})
  return { stream, begun }
}

/** Not a byte of what else stands in a message is read on the other side, so it is not sent. */
const withTextAlone = ({ id, role, parts }: UIMessage): object => ({
  id,
  role,
  parts: parts.map((part) =>
    part.type === 'text' ? { type: 'text', text: part.text } : { type: part.type },
  ),
})

/** A run that is being read ends there by its own terminal event. */
async function stopRun(core: ClientCore, { progress }: Held): Promise<void> {
  if (!progress.runId) return
  const turn = newTurn(progress.runId, '', null, null)
  turn.progress.acknowledged = true
  await stopOnServer(core, turn)
}
