import type { UsageResponse } from '@colloquy/chat-core/protocol'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { limitToWire } from '../wire/limit-to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { usageResponse } from '../schemas/session.js'

export const getUsage = ({ getUsage: usage }: Pick<UseCases, 'getUsage'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'getUsage',
      group: 'Session',
      summary: 'Every limit of the caller as it stands: what a refusal would name, ahead of time.',
      answers: { 200: answersJson('The limits.', usageResponse) },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    async handle(_request, caller) {
      const limits = await usage.execute(caller)
      return json(200, { limits: limits.map(limitToWire) } satisfies UsageResponse)
    },
  })
