import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { idParams, runIdOf } from '../routing/fields.js'
import { wireMessage } from '../wire/to-wire.js'
import { ASKING, answersJson } from '../routing/documentation.js'
import { message } from '../schemas/runs.js'

/** Asks and does not wait: the answer is generated behind it. */
export const putMessage = ({ sendMessage }: Pick<UseCases, 'sendMessage'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'putMessage',
      group: 'Conversations',
      summary: 'Asks and does not wait: the answer is generated behind it.',
      headers: ['Idempotency-Key'],
      example: { message: 'What is six times seven?' },
      answers: { 200: answersJson('The stored question.', message) },
      refusals: ASKING,
    },
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
