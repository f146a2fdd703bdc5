import type { ChatResponse } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { id, runIdOf } from '../routing/fields.js'
import { ASKING, answersJson } from '../routing/documentation.js'
import { chatResponse } from '../schemas/conversations.js'

const body = z.object({ message: z.string(), conversation_id: id.optional() })

export const askOnce = ({ askOnce }: Pick<UseCases, 'askOnce'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'askOnce',
      group: 'Conversations',
      summary: 'One question, one answer when it is whole. Without `conversation_id` in a new conversation.',
      headers: ['Idempotency-Key'],
      example: { message: 'What is six times seven?' },
      answers: { 200: answersJson('The answer.', chatResponse) },
      refusals: [...ASKING, 404],
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body,
    async handle({ body, header, signal }, caller: Caller) {
      const { conversationId, id, content, usage, model } = await askOnce.execute(caller, {
        message: body.message,
        conversationId: body.conversation_id,
        runId: runIdOf(undefined, header('idempotency-key')),
        signal,
      })
      const answer: ChatResponse = {
        conversation_id: conversationId,
        message_id: id,
        response: content,
        // Nothing looks up documents or proposes questions here.
        citations: [],
        suggestions: [],
        usage,
        model,
      }
      return json(200, answer)
    },
  })
