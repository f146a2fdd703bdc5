import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { endpoint, NO_BODY, type Endpoint } from '../routing/endpoint.js'
import { idParams, streamQuery } from '../routing/fields.js'
import { answersEvents } from '../routing/documentation.js'

const query = streamQuery.extend({ after: z.string().optional() })

export const followRun = ({ followRun }: Pick<UseCases, 'followRun'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'followRun',
      group: 'Runs',
      summary: "A run's events behind a cursor, then live ones.",
      headers: ['Last-Event-ID'],
      answers: { 200: answersEvents('The events, to the end of the run.') },
    },
    params: idParams,
    query,
    body: NO_BODY,
    async handle({ params, query, header, signal }, caller: Caller) {
      // The header is what a browser adds when it reconnects, so it is newer than what stands in the address.
      const cursor = header('last-event-id') ?? query.after ?? null
      const followed = await followRun.execute(caller, { runId: params.id, cursor, signal })
      return { kind: 'events', followed, format: query.format, padded: query.padding === '1' }
    },
  })
