import type { UseCases } from '../../../application/use-cases.js'
import { text } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'

export const metrics = ({ readMetrics }: Pick<UseCases, 'readMetrics'>): Endpoint<null> =>
  endpoint({
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    async handle() {
      const { contentType, text: body } = await readMetrics.execute()
      return text(contentType, body)
    },
  })
