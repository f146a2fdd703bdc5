import { z } from 'zod'
import type { ChatMessage, ChatTurn } from '../../../application/ask-in-chat/chat-turn.js'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { DomainError } from '../../../domain/errors.js'
import { empty } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { id, idParams } from '../routing/fields.js'
import { ASKING, answersEvents, answersNothing } from '../routing/documentation.js'

/** What the AI SDK's `DefaultChatTransport` sends and expects: `POST {api}` asks, `GET {api}/{id}/stream` resumes. */

const uiMessage = z.object({
  id: z.string().min(1).max(200),
  role: z.enum(['system', 'user', 'assistant']),
  parts: z.array(z.object({ type: z.string(), text: z.string().optional() })).max(1000),
})

type UiMessage = z.output<typeof uiMessage>

const body = z.object({
  id,
  messages: z.array(uiMessage).min(1).optional(),
  /** The newest message alone, as the AI SDK's guide to persistence has it. */
  message: uiMessage.optional(),
  trigger: z.enum(['submit-message', 'regenerate-message']).default('submit-message'),
  messageId: z.string().max(200).nullish(),
})

export const askInUiChat = ({
  askInChat,
  followRun,
}: Pick<UseCases, 'askInChat' | 'followRun'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'askInUiChat',
      group: 'Other clients',
      summary: "For the AI SDK's `useChat`: asks.",
      example: {
        id: 'c_5fQ2nXw8Lk',
        messages: [{ id: 'm_a81Ty0PzVd', role: 'user', parts: [{ type: 'text', text: 'Hello!' }] }],
      },
      answers: { 200: answersEvents('The UI message stream, version 1.') },
      refusals: [...ASKING, 404],
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body,
    async handle({ body, signal }, caller: Caller) {
      const run = await askInChat.execute(caller, turnOf(body))
      const followed = followRun.of(caller, run, { cursor: null, signal })
      return { kind: 'events', followed, format: 'ui', padded: false }
    },
  })

export const resumeUiChat = ({
  resumeChat,
  followRun,
}: Pick<UseCases, 'resumeChat' | 'followRun'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'resumeUiChat',
      group: 'Other clients',
      summary: "For the AI SDK's `useChat`: the newest answer from its beginning.",
      answers: {
        200: answersEvents('The UI message stream, version 1.'),
        204: answersNothing('There is nothing to resume.'),
      },
    },
    params: idParams,
    query: NO_QUERY,
    body: NO_BODY,
    async handle({ params, signal }, caller: Caller) {
      const run = await resumeChat.execute(caller, params.id)
      if (!run) return empty
      // From the beginning: the client says nothing of what it has, and starts the message anew.
      const followed = followRun.of(caller, run, { cursor: null, signal })
      return { kind: 'events', followed, format: 'ui', padded: false }
    },
  })

function turnOf({ id: chatId, messages, message, trigger, messageId }: z.output<typeof body>): ChatTurn {
  const question = messages?.at(-1) ?? message
  if (!question || (messages && message)) throw refuse('Send either messages or message.')
  if (question.role !== 'user') throw refuse('messages: the last one must be of the role user.')
  if (question.parts.some(({ type }) => type === 'file')) {
    throw refuse('messages: files are not accepted here. Send text alone.')
  }
  return {
    chatId,
    question: chatMessage(question, 'user'),
    history: messages ? messages.slice(0, -1).flatMap(historic) : null,
    again: trigger === 'regenerate-message' ? { answerId: messageId ?? undefined } : null,
  }
}

/** What the model is told beforehand is for the operator to say, so system messages of a client are left out. */
const historic = (message: UiMessage): readonly ChatMessage[] =>
  message.role === 'system' ? [] : [chatMessage(message, message.role)]

const chatMessage = ({ id: messageId, parts }: UiMessage, role: ChatMessage['role']): ChatMessage => ({
  id: messageId,
  role,
  text: parts.map(({ type, text = '' }) => (type === 'text' ? text : '')).join(''),
})

const refuse = (detail: string): DomainError => new DomainError('invalid-input', detail)
