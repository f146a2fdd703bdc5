import type { SendMessageRequest } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import type { ChatMessage } from '../messages/message.js'
import { newProgress } from '../run/run-progress.js'
import type { RunOutcome } from './chat-client.js'
import { ticker, type ClientContext } from './client-context.js'
import { storedMessage, type ConversationState } from './conversation-state.js'
import type { Conversations } from './conversations.js'
import type { Turn } from './turn.js'
import type { TurnRunner } from './turn-runner.js'

/** Makes turns out of what a person asks for. */
export class Sender {
  readonly #context: ClientContext
  readonly #runner: TurnRunner
  readonly #conversations: Conversations
  readonly #tick: () => number

  constructor(context: ClientContext, runner: TurnRunner, conversations: Conversations) {
    this.#context = context
    this.#runner = runner
    this.#conversations = conversations
    this.#tick = ticker(() => context.platform.now())
  }

  async send(content: string): Promise<RunOutcome> {
    check(this.#context, content)
    const conversation = this.#context.state.open ?? this.#conversations.begin()
    const question = this.#message('user', content, conversation.tree.path().at(-1)?.id ?? null)
    const answer = this.#message('assistant', '', question.id)
    return this.#begin(conversation, [question, answer], {
      content,
      message_id: question.id,
      ...(conversation.switched && question.parentId !== null && { parent_id: question.parentId }),
    })
  }

  async retry(answerId: string): Promise<RunOutcome> {
    const conversation = this.#context.state.open
    const old = conversation?.tree.get(answerId)
    const question = old?.parentId ? conversation?.tree.get(old.parentId) : undefined
    if (!conversation || old?.role !== 'assistant' || !question) {
      throw new ChatError('protocol', 'There is no such answer to retry.')
    }
    const parked = this.#runner.parked.get(answerId)
    if (parked) return this.#runner.run(conversation, parked)
    if (question.status !== 'sent') return this.#sendAgain(conversation, question, old)
    return this.#begin(conversation, [question, this.#message('assistant', '', question.id)], {
      regenerate: answerId,
    })
  }

  /** The server may or may not have got it; the same ids make that not matter. */
  #sendAgain(conversation: ConversationState, question: ChatMessage, old: ChatMessage): Promise<RunOutcome> {
    const again: Exchange = [
      { ...question, status: 'sending', error: null },
      { ...old, status: 'sending', error: null },
    ]
    return this.#begin(conversation, again, { content: question.content, message_id: question.id })
  }

  #begin(
    conversation: ConversationState,
    [question, answer]: Exchange,
    body: Omit<SendMessageRequest, 'run_id' | 'answer_id'>,
  ): Promise<RunOutcome> {
    const { state, store, platform } = this.#context
    conversation.tree.put(question)
    conversation.tree.put(answer)
    conversation.error = null
    state.error = null
    const runId = answer.runId ?? platform.newId('r')
    const outcome = this.#runner.run(
      conversation,
      newTurn(conversation.id, question.id, answer.id, { ...body, run_id: runId, answer_id: answer.id }),
    )
    store.flush()
    void keepBegun(this.#context, conversation, [question, answer])
    return outcome
  }

  #message(role: ChatMessage['role'], content: string, parentId: string | null): ChatMessage {
    const { platform } = this.#context
    const isAnswer = role === 'assistant'
    return {
      id: platform.newId(isAnswer ? 'a' : 'm'),
      role,
      content,
      status: platform.isOnline() || isAnswer ? 'sending' : 'queued',
      createdAt: this.#tick(),
      parentId,
      runId: isAnswer ? platform.newId('r') : null,
      error: null,
    }
  }
}

/** A question and its answer. */
type Exchange = readonly [question: ChatMessage, answer: ChatMessage]

const newTurn = (
  conversationId: string,
  questionId: string,
  answerId: string,
  body: NonNullable<Turn['body']>,
): Turn => ({
  runId: body.run_id,
  conversationId,
  answerId,
  questionId,
  body,
  progress: newProgress(body.run_id),
  stop: new AbortController(),
  trouble: null,
})

/** Written before the answer comes, so that a reload in between finds the question. */
async function keepBegun(
  { storage, platform }: ClientContext,
  conversation: ConversationState,
  messages: Exchange,
): Promise<void> {
  const { id, title, createdAt } = conversation
  await storage.write([
    { put: 'conversations', record: { id, title, createdAt, updatedAt: platform.now() } },
    { put: 'meta', record: { id: 'open', value: id } },
    ...messages.map((one) => ({ put: 'messages' as const, record: storedMessage(id, one) })),
  ])
}

function check({ session }: ClientContext, content: string): void {
  if (content.trim() === '') throw new ChatError('protocol', 'An empty message cannot be sent.')
  const limit = session.info()?.limits.max_message_chars
  if (limit !== undefined && content.length > limit) {
    throw new ChatError('too_long', `The message is longer than ${limit} characters.`)
  }
}
