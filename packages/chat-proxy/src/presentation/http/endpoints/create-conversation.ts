import type { CreateConversationResponse } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { conversationFields, id } from '../routing/fields.js'
import { wireConversation, wireMessage } from '../wire/to-wire.js'
import { ASKING, answersJson } from '../routing/documentation.js'
import { createdConversation } from '../schemas/conversations.js'

const body = z
  .object({ ...conversationFields, id: id.optional(), first_message: z.string().optional() })
  .default({})

export const createConversation = ({
  createConversation,
}: Pick<UseCases, 'createConversation'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'createConversation',
      group: 'Conversations',
      summary: "Creates a conversation. The owner's own existing `id` answers the same conversation.",
      example: { id: 'c_5fQ2nXw8Lk', first_message: 'What is six times seven?' },
      answers: {
        200: answersJson('It was there already.', createdConversation),
        201: answersJson('It was created.', createdConversation),
      },
      refusals: ASKING,
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body,
    async handle({ body }, caller: Caller) {
      const { conversation, exchange, created } = await createConversation.execute(caller, {
        id: body.id,
        title: body.title,
        firstMessage: body.first_message,
        mode: body.mode,
        documentIds: body.document_ids,
      })
      const answer: CreateConversationResponse = {
        ...wireConversation(conversation),
        messages: exchange ? [wireMessage(exchange.userMessage), wireMessage(exchange.message)] : [],
      }
      return json(created ? 201 : 200, answer)
    },
  })
