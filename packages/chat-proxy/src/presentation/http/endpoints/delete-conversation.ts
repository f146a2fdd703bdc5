import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { empty } from '../reply.js'
import { endpoint, NO_BODY, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { idParams } from '../routing/fields.js'
import { answersNothing } from '../routing/documentation.js'

export const deleteConversation = ({
  deleteConversation,
}: Pick<UseCases, 'deleteConversation'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'deleteConversation',
      group: 'Conversations',
      summary: 'Deletes a conversation. It can be restored until it is purged.',
      answers: { 204: answersNothing('It is deleted.') },
    },
    params: idParams,
    query: NO_QUERY,
    body: NO_BODY,
    async handle({ params }, caller: Caller) {
      await deleteConversation.execute(caller, params.id)
      return empty
    },
  })
