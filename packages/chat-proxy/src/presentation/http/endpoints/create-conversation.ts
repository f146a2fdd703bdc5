import type { CreateConversationResponse } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { conversationFields, id } from '../routing/fields.js'
import { wireConversation, wireMessage } from '../wire/to-wire.js'

const body = z
  .object({ ...conversationFields, id: id.optional(), first_message: z.string().optional() })
  .default({})

export const createConversation = ({
  createConversation,
}: Pick<UseCases, 'createConversation'>): Endpoint<Caller> =>
  endpoint({
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
