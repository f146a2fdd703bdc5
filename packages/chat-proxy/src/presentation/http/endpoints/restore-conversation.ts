import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { idParams } from '../routing/fields.js'
import { wireConversation } from '../wire/to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { conversation } from '../schemas/conversations.js'

export const restoreConversation = ({
  restoreConversation,
}: Pick<UseCases, 'restoreConversation'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'restoreConversation',
      group: 'Conversations',
      summary: 'Undoes the deletion of a conversation.',
      answers: { 200: answersJson('The conversation, as it was.', conversation) },
    },
    params: idParams,
    query: NO_QUERY,
    body: NO_BODY,
    async handle({ params }, caller: Caller) {
      return json(200, wireConversation(await restoreConversation.execute(caller, params.id)))
    },
  })
