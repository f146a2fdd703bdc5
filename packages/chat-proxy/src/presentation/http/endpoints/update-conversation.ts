import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { conversationFields, idParams } from '../routing/fields.js'
import { wireConversation } from '../wire/to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { conversation } from '../schemas/conversations.js'

export const updateConversation = ({
  updateConversation,
}: Pick<UseCases, 'updateConversation'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'updateConversation',
      group: 'Conversations',
      summary: 'Changes what is given and leaves the rest.',
      example: { title: 'Multiplication' },
      answers: { 200: answersJson('The conversation.', conversation) },
    },
    params: idParams,
    query: NO_QUERY,
    body: z.object(conversationFields),
    async handle({ params, body }, caller: Caller) {
      const { title, mode, document_ids: documentIds } = body
      const conversation = await updateConversation.execute(caller, params.id, { title, mode, documentIds })
      return json(200, wireConversation(conversation))
    },
  })
