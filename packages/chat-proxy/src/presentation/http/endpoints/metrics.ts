import type { UseCases } from '../../../application/use-cases.js'
import { text } from '../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { answersText } from '../routing/documentation.js'

export const metrics = ({ readMetrics }: Pick<UseCases, 'readMetrics'>): Endpoint<null> =>
  endpoint({
    doc: {
      name: 'getMetrics',
      group: 'Operation',
      summary: 'For Prometheus. Not there where no METRICS_TOKEN is set.',
      answers: { 200: answersText('The metrics.', 'text/plain') },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    async handle() {
      const { contentType, text: body } = await readMetrics.execute()
      return text(contentType, body)
    },
  })
