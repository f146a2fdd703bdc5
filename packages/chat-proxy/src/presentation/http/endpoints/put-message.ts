import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { idParams, runIdOf } from '../routing/fields.js'
import { wireMessage } from '../wire/to-wire.js'

/** Asks and does not wait: the answer is generated behind it. */
export const putMessage = ({ sendMessage }: Pick<UseCases, 'sendMessage'>): Endpoint<Caller> =>
  endpoint({
    params: idParams,
    query: NO_QUERY,
    body: z.object({ message: z.string() }),
    async handle({ params, body, header }, caller: Caller) {
      const { userMessage } = await sendMessage.ask(caller, {
        conversationId: params.id,
        content: body.message,
        runId: runIdOf(undefined, header('idempotency-key')),
      })
      return json(200, wireMessage(userMessage))
    },
  })
