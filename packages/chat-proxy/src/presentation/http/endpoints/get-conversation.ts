import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, type Endpoint } from '../routing/endpoint.js'
import { idParams, wholeNumber } from '../routing/fields.js'
import { wireOpenConversation } from '../wire/to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { conversationDetail } from '../schemas/conversations.js'

const query = z.object({
  before: z.string().optional(),
  limit: wholeNumber({ min: 1, max: 200, or: 50 }),
})

export const getConversation = ({ getConversation }: Pick<UseCases, 'getConversation'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'getConversation',
      group: 'Conversations',
      summary: 'A conversation with its newest messages, and the run that is being generated.',
      answers: { 200: answersJson('The conversation.', conversationDetail) },
    },
    params: idParams,
    query,
    body: NO_BODY,
    async handle({ params, query }, caller: Caller) {
      return json(200, wireOpenConversation(await getConversation.execute(caller, { ...params, ...query })))
    },
  })
