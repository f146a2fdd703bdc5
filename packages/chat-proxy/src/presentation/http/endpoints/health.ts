import type { UseCases } from '../../../application/use-cases.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { answersJson } from '../routing/documentation.js'
import { health, readinessReport } from '../schemas/session.js'

/** The process lives and answers. Says nothing about what it depends on. */
export const liveness = (name = 'getHealth'): Endpoint<null> =>
  endpoint({
    doc: {
      name,
      group: 'Operation',
      summary: 'The process lives and answers. Says nothing about what it depends on.',
      answers: { 200: answersJson('It lives.', health) },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    handle: () => Promise.resolve(json(200, { status: 'ok' })),
  })

/** Whether requests should be sent here, and what is in the way. */
export const readiness = ({ checkReadiness }: Pick<UseCases, 'checkReadiness'>): Endpoint<null> =>
  endpoint({
    doc: {
      name: 'getReadiness',
      group: 'Operation',
      summary: 'Whether requests should be sent here, and every dependency by name.',
      answers: {
        200: answersJson('It is ready.', readinessReport),
        503: answersJson('It is not.', readinessReport),
      },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    async handle() {
      const { ready, dependencies } = await checkReadiness.execute()
      return json(ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', dependencies })
    },
  })
