import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { idParams } from '../routing/fields.js'
import { wireRun } from '../wire/to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { run } from '../schemas/runs.js'

export const stopRun = ({ stopRun }: Pick<UseCases, 'stopRun'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'stopRun',
      group: 'Runs',
      summary: 'Ends a generation and keeps its text. As often as you like.',
      answers: { 200: answersJson('The run.', run) },
    },
    params: idParams,
    query: NO_QUERY,
    body: NO_BODY,
    async handle({ params, signal }, caller: Caller) {
      return json(200, wireRun(await stopRun.execute(caller, params.id, signal)))
    },
  })
