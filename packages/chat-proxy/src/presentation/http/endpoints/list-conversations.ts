import type { ConversationPage } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, type Endpoint } from '../routing/endpoint.js'
import { wholeNumber } from '../routing/fields.js'
import { wireConversation } from '../wire/to-wire.js'

const query = z.object({
  page: wholeNumber({ min: 1, max: 1_000_000, or: 1 }),
  page_size: wholeNumber({ min: 1, max: 100, or: 20 }),
})

export const listConversations = ({
  listConversations,
}: Pick<UseCases, 'listConversations'>): Endpoint<Caller> =>
  endpoint({
    params: NO_PARAMS,
    query,
    body: NO_BODY,
    async handle({ query: { page, page_size: pageSize } }, caller: Caller) {
      const { conversations, total } = await listConversations.execute(caller, { page, pageSize })
      const answer: ConversationPage = {
        conversations: conversations.map(wireConversation),
        total,
        page,
        page_size: pageSize,
      }
      return json(200, answer)
    },
  })
