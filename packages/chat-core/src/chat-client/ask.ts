import { sendableText, type SendMessageRequest } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import { isUnsent, type ChatMessage } from '../messages/message.js'
import type { RunOutcome } from './chat-client.js'
import { heldConversation, tellParts, openConversation, type ClientCore } from './client-core.js'
import type { ConversationState } from './conversation-state.js'
import { runTurn } from './run-turn.js'
import { newTurn } from './turn.js'

/** Asks in the open conversation, or in a new one. @throws ChatError `protocol` (no text), `too_long`, or `aborted` when its visitor has gone */
export async function ask(core: ClientCore, content: string): Promise<RunOutcome> {
  checkContent(core, content)
  const { state, platform } = core
  const { held, asker } = state
  if (state.restoring) await state.restoring
  let outcome: RunOutcome | undefined
  if (state.held === held) {
    const conversation = state.open ?? openConversation(core, heldConversation(core, platform.newId('c')))
    outcome = await askBelow(core, conversation, { content, parentId: conversation.tree.last()?.id ?? null })
  }
  // Who was named before this was asked is who asks it, also where it turns out that somebody else was here last.
  if (asker?.left === held) return ask(core, content)
  if (outcome) return outcome
  throw new ChatError('aborted', 'The chat ended.')
}

/**
 * Asks below the message `parentId` of the conversation; `null` for its beginning.
 * @param fields what is sent beside the text and the ids
 */
export function askBelow(
  core: ClientCore,
  conversation: ConversationState,
  { content, parentId }: Pick<ChatMessage, 'content' | 'parentId'>,
  fields?: Partial<SendMessageRequest>,
): Promise<RunOutcome> {
  const question = newMessage(core, 'user', sendableText(content), parentId)
  const answer = newMessage(core, 'assistant', '', question.id)
  return begin(core, conversation, [question, answer], fields)
}

/**
 * Asks the question of the answer `answerId` in the open conversation once more: as a new version, or, when the server may
 * never have got it, under its first ids, so that it arrives once.
 */
export async function askAgain(core: ClientCore, answerId: string): Promise<RunOutcome> {
  const conversation = core.state.open
  const answer = conversation?.tree.get(answerId)
  const question = conversation?.tree.get(answer?.parentId)
  if (!conversation || answer?.role !== 'assistant' || !question)
    throw new ChatError('protocol', 'No such message.')
  if (isUnsent(question)) return begin(core, conversation, [again(question), again(answer)])
  // The first came to the server together with the question; a later one may never have got there.
  const first = conversation.tree.all().find(({ parentId }) => parentId === question.id) ?? answer
  const version = newMessage(core, 'assistant', '', question.id)
  return begin(core, conversation, [question, version], { regenerate: first.id })
}

/** As {@link askAgain}, unless the run is known to go on on the server: then its answer is read on. */
export async function retry(core: ClientCore, answerId: string): Promise<RunOutcome> {
  const conversation = core.state.open
  const parked = conversation?.parked.get(answerId)
  // One that is to be stopped is not what is wanted now.
  const isWanted = conversation && parked && !parked.stop.signal.aborted
  const outcome = isWanted && (await runTurn(core, conversation, parked))
  // The server has lost the run, so there is nothing to read on.
  return !outcome || outcome.error?.code === 'resync' ? askAgain(core, answerId) : outcome
}

/** @throws ChatError `protocol` (empty, or no text at all) or `too_long` */
export function checkContent({ state }: ClientCore, content: string): void {
  // Pages without types give anything.
  if (!content?.trim?.()) throw new ChatError('protocol', 'Send text.')
  const limit = state.session?.limits.max_message_chars ?? Infinity
  if (content.length > limit) throw new ChatError('too_long', `Send at most ${limit} characters.`)
}

/** Shows the exchange, tells the parts, and gives its turn to the runner. */
function begin(
  core: ClientCore,
  conversation: ConversationState,
  [question, answer]: readonly [ChatMessage, ChatMessage],
  fields: Partial<SendMessageRequest> = fieldsOfParts(core, conversation, question.parentId),
): Promise<RunOutcome> {
  conversation.tree.put(question)
  conversation.tree.put(answer)
  conversation.error = null
  core.state.error = null
  // What this client makes has one.
  const runId = answer.runId ?? answer.id
  const turn = newTurn(runId, answer.id, question.id, {
    ...(!fields.regenerate && { content: question.content, message_id: question.id }),
    ...fields,
    run_id: runId,
    answer_id: answer.id,
  })
  const outcome = runTurn(core, conversation, turn, tellParts(core, 'asked', conversation, turn))
  core.store.show()
  return outcome
}

/** What the parts have to say with a question that follows `parentId`. */
export const fieldsOfParts = (
  { hooks }: ClientCore,
  conversation: ConversationState,
  parentId: string | null,
): Partial<SendMessageRequest> =>
  Object.assign({}, ...hooks.map((hook) => hook.fieldsFor?.(conversation, parentId)))

function newMessage(
  { platform, state }: ClientCore,
  role: ChatMessage['role'],
  content: string,
  parentId: string | null,
): ChatMessage {
  const isAnswer = role === 'assistant'
  // A time that never stands still, so that what was made later also sorts later.
  state.lastTime = Math.max(platform.now(), state.lastTime + 1)
  return {
    id: platform.newId(isAnswer ? 'a' : 'm'),
    role,
    content,
    status: isAnswer || platform.isOnline() ? 'sending' : 'queued',
    createdAt: state.lastTime,
    parentId,
    runId: isAnswer ? platform.newId('r') : null,
    error: null,
  }
}

const again = (message: ChatMessage): ChatMessage => ({ ...message, status: 'sending', error: null })
