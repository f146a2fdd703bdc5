import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { idParams } from '../routing/fields.js'
import { wireMessage } from '../wire/to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { message } from '../schemas/runs.js'

const body = z.object({ rating: z.enum(['up', 'down']), comment: z.string().optional() })

export const rateMessage = ({ rateMessage }: Pick<UseCases, 'rateMessage'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'rateMessage',
      group: 'Conversations',
      summary: 'What the reader thinks of an answer. The last word wins.',
      example: { rating: 'up', comment: 'Right to the point.' },
      answers: { 200: answersJson('The answer, with its feedback.', message) },
    },
    params: idParams,
    query: NO_QUERY,
    body,
    async handle({ params, body: { rating, comment } }, caller: Caller) {
      return json(
        200,
        wireMessage(await rateMessage.execute(caller, { messageId: params.id, rating, comment })),
      )
    },
  })
