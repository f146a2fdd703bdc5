import type { ConversationPage } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, type Endpoint } from '../routing/endpoint.js'
import { pageQuery } from '../routing/fields.js'
import { wireConversation } from '../wire/to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { conversationPage } from '../schemas/conversations.js'

const query = pageQuery.extend({ query: z.string().max(200).default('') })

export const listConversations = ({
  listConversations,
}: Pick<UseCases, 'listConversations'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'listConversations',
      group: 'Conversations',
      summary: "The caller's conversations, last changed first; with `query` those that have all its words.",
      answers: { 200: answersJson('One page of them.', conversationPage) },
    },
    params: NO_PARAMS,
    query,
    body: NO_BODY,
    async handle({ query: { page, page_size: pageSize, query }, signal }, caller: Caller) {
      const search = { query, signal }
      const found = await listConversations.execute(caller, { page, pageSize, search })
      const answer: ConversationPage = {
        conversations: found.conversations.map(wireConversation),
        total: found.total,
        page,
        page_size: pageSize,
      }
      return json(200, answer)
    },
  })
