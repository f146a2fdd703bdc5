import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { empty } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { answersNothing } from '../routing/documentation.js'

export const eraseMe = ({ eraseMe }: Pick<UseCases, 'eraseMe'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'eraseMe',
      group: 'Personal data',
      summary: 'Forgets the caller: everything is gone for everybody at once, and purged from every table.',
      answers: { 204: answersNothing('The caller is forgotten.') },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    async handle({ signal }, caller: Caller) {
      await eraseMe.execute(caller, signal)
      return empty
    },
  })
