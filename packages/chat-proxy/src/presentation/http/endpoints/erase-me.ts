import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { empty } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'

export const eraseMe = ({ eraseMe }: Pick<UseCases, 'eraseMe'>): Endpoint<Caller> =>
  endpoint({
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    async handle({ signal }, caller: Caller) {
      await eraseMe.execute(caller, signal)
      return empty
    },
  })
