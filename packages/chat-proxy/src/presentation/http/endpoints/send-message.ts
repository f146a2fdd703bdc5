import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, type Endpoint } from '../routing/endpoint.js'
import { id, idParams, runIdOf, streamQuery } from '../routing/fields.js'
import { wireExchange } from '../wire/to-wire.js'
import { ASKING, answersEvents, answersJson } from '../routing/documentation.js'
import { pageContext } from '../schemas/runs.js'
import { sentMessage } from '../schemas/conversations.js'

const body = z.object({
  content: z.string().optional(),
  run_id: id.optional(),
  message_id: id.optional(),
  answer_id: id.optional(),
  parent_id: id.optional(),
  regenerate: id.optional(),
  edit: id.optional(),
  context: pageContext.optional(),
})

/** One run either way: `Accept` decides only how its answer is read. */
export const sendMessage = ({
  sendMessage,
  followRun,
  waitForRun,
}: Pick<UseCases, 'sendMessage' | 'followRun' | 'waitForRun'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'sendMessage',
      group: 'Runs',
      summary: 'Asks. The same `run_id` again attaches to the same run and never asks the model twice.',
      headers: ['Idempotency-Key', 'Last-Event-ID'],
      example: { content: 'What is six times seven?', run_id: 'r_9sJm4CeYtB' },
      answers: {
        200: {
          description: 'Question and answer when it is whole; with `Accept: text/event-stream` its events.',
          contents: [...answersJson('', sentMessage).contents, ...answersEvents('').contents],
        },
      },
      refusals: ASKING,
    },
    params: idParams,
    query: streamQuery,
    body,
    async handle({ params, query, body, header, wantsEvents, signal }, caller: Caller) {
      const { run } = await sendMessage.execute(caller, {
        conversationId: params.id,
        content: body.content,
        runId: runIdOf(body.run_id, header('idempotency-key')),
        messageId: body.message_id,
        answerId: body.answer_id,
        parentId: body.parent_id,
        regenerate: body.regenerate,
        edit: body.edit,
        context: body.context,
      })
      if (!wantsEvents) {
        const exchange = await waitForRun.of(caller, run, signal)
        return { ...json(200, wireExchange(exchange)), runId: run.id }
      }
      const cursor = header('last-event-id')
      const followed = followRun.of(caller, run, { cursor, signal })
      return { kind: 'events', followed, format: query.format, padded: query.padding === '1' }
    },
  })
