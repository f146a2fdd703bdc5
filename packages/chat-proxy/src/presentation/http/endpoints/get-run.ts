import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { json } from '../reply.js'
import { endpoint, NO_BODY, type Endpoint } from '../routing/endpoint.js'
import { idParams, wholeNumber } from '../routing/fields.js'
import { wireRunDetail } from '../wire/to-wire.js'
import { answersJson } from '../routing/documentation.js'
import { runDetail } from '../schemas/runs.js'

const query = z.object({ wait: wholeNumber({ min: 0, max: 60, or: 0 }) })

export const getRun = ({ getRun }: Pick<UseCases, 'getRun'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'getRun',
      group: 'Runs',
      summary: 'A run and its answer so far; with `wait`, up to so many seconds for its end.',
      answers: { 200: answersJson('The run.', runDetail) },
    },
    params: idParams,
    query,
    body: NO_BODY,
    async handle({ params, query, signal }, caller: Caller) {
      const snapshot = await getRun.execute(caller, { runId: params.id, waitMs: query.wait * 1000, signal })
      return json(200, wireRunDetail(snapshot))
    },
  })
