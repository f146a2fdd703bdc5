import type { HistoryPage } from '@colloquy/chat-core/protocol'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, type Endpoint } from '../routing/endpoint.js'
import { pageQuery } from '../routing/fields.js'
import { wirePastExchange } from '../wire/to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { historyPage } from '../schemas/conversations.js'

export const listExchanges = ({ listExchanges }: Pick<UseCases, 'listExchanges'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'listHistory',
      group: 'Conversations',
      summary: 'Questions with their answers: the conversation used last first, in each the newest first.',
      answers: { 200: answersJson('One page of them.', historyPage) },
    },
    params: NO_PARAMS,
    query: pageQuery,
    body: NO_BODY,
    async handle({ query: { page, page_size: pageSize } }, caller: Caller) {
      const { exchanges, total } = await listExchanges.execute(caller, { page, pageSize })
      const answer: HistoryPage = {
        exchanges: exchanges.map(wirePastExchange),
        total,
        page,
        page_size: pageSize,
      }
      return json(200, answer)
    },
  })
