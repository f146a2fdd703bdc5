import type { SendMessageRequest } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import { isUnsent, type ChatMessage } from '../messages/message.js'
import type { MessageTree } from '../messages/message-tree.js'
import { toTabMessage } from '../tabs/tabs.js'
import type { RunOutcome } from './chat-client.js'
import { ticker, type ClientContext } from './client-context.js'
import { storedMessage, type ConversationState } from './conversation-state.js'
import type { Conversations } from './conversations.js'
import { newTurn } from './turn.js'
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
      ...(conversation.switched && parentField(conversation, question)),
    })
  }

  async retry(answerId: string): Promise<RunOutcome> {
    const { conversation, question, answer } = this.#exchangeOf(answerId)
    const parked = this.#runner.parked.get(answerId)
    if (parked) return this.#runner.run(conversation, parked)
    if (isUnsent(question)) return this.#sendAgain(conversation, question, answer)
    return this.regenerate(answerId)
  }

  async regenerate(answerId: string): Promise<RunOutcome> {
    const { conversation, question, answer: old } = this.#exchangeOf(answerId)
    if (isUnsent(question)) return this.#sendAgain(conversation, question, old)
    conversation.switched = true
    const answer = this.#message('assistant', '', question.id)
    return this.#begin(conversation, [question, answer], { regenerate: answerId })
  }

  async edit(questionId: string, content: string): Promise<RunOutcome> {
    check(this.#context, content)
    const conversation = this.#context.state.open
    const old = conversation?.tree.get(questionId)
    if (!conversation || old?.role !== 'user')
      throw new ChatError('protocol', 'There is no such question to edit.')
    conversation.switched = true
    const question = this.#message('user', content, old.parentId)
    const answer = this.#message('assistant', '', question.id)
    return this.#begin(conversation, [question, answer], {
      content,
      message_id: question.id,
      // A question that never arrived is no message the server could branch from.
      ...(isUnsent(old) ? parentField(conversation, question) : { edit: questionId }),
    })
  }

  #exchangeOf(answerId: string): {
    conversation: ConversationState
    question: ChatMessage
    answer: ChatMessage
  } {
    const conversation = this.#context.state.open
    const answer = conversation?.tree.get(answerId)
    const question = answer?.parentId ? conversation?.tree.get(answer.parentId) : undefined
    if (!conversation || answer?.role !== 'assistant' || !question) {
      throw new ChatError('protocol', 'There is no such answer in the open conversation.')
    }
    return { conversation, question, answer }
  }

  /** The server may or may not have got it; the same ids make that not matter. */
  #sendAgain(conversation: ConversationState, question: ChatMessage, old: ChatMessage): Promise<RunOutcome> {
    const again: Exchange = [
      { ...question, status: 'sending', error: null },
      { ...old, status: 'sending', error: null },
    ]
    return this.#begin(conversation, again, {
      content: question.content,
      message_id: question.id,
      ...(conversation.switched && parentField(conversation, question)),
    })
  }

  #begin(
    conversation: ConversationState,
    [question, answer]: Exchange,
    body: Omit<SendMessageRequest, 'run_id' | 'answer_id'>,
  ): Promise<RunOutcome> {
    const { state, store, platform, tabs } = this.#context
    conversation.tree.put(question)
    conversation.tree.put(answer)
    conversation.error = null
    state.error = null
    const runId = answer.runId ?? platform.newId('r')
    const whole = { ...body, run_id: runId, answer_id: answer.id }
    void keepBegun(this.#context, conversation, [question, answer])
    tabs.tell({
      type: 'asked',
      conversationId: conversation.id,
      question: toTabMessage(question),
      answer: toTabMessage(answer),
      body: whole,
    })
    const outcome = this.#runner.run(
      conversation,
      newTurn({
        runId,
        conversationId: conversation.id,
        answerId: answer.id,
        questionId: question.id,
        body: whole,
      }),
    )
    store.flush()
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

/** What the question follows, as the server knows it: messages that never arrived are passed over. */
function parentField({ tree }: ConversationState, question: ChatMessage): { parent_id?: string } {
  let parent = question.parentId === null ? undefined : tree.get(question.parentId)
  while (parent && !hasArrived(tree, parent))
    parent = parent.parentId === null ? undefined : tree.get(parent.parentId)
  return parent ? { parent_id: parent.id } : {}
}

/** An answer has arrived when its question has. */
function hasArrived(tree: MessageTree, message: ChatMessage): boolean {
  const question = message.role === 'user' || message.parentId === null ? message : tree.get(message.parentId)
  return !question || !isUnsent(question)
}

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
