import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import type { Caller } from '../../../domain/caller.js'
import { EXPORT_FORMATS } from '../export/export-formats.js'
import { endpoint, NO_BODY, NO_PARAMS, type Endpoint } from '../routing/endpoint.js'
import { answersJson, answersText } from '../routing/documentation.js'
import { dataExport } from '../schemas/conversations.js'

const query = z.strictObject({ format: z.enum(['json', 'markdown']).default('json') })

export const exportData = ({ exportData }: Pick<UseCases, 'exportData'>): Endpoint<Caller> =>
  endpoint({
    doc: {
      name: 'exportData',
      group: 'Personal data',
      summary: 'Everything that is kept about the caller, as a file.',
      answers: {
        200: {
          description: 'The file.',
          contents: [...answersJson('', dataExport).contents, ...answersText('', 'text/markdown').contents],
        },
      },
    },
    params: NO_PARAMS,
    query,
    body: NO_BODY,
    async handle({ query: { format } }, caller: Caller) {
      const data = await exportData.execute(caller)
      const { contentType, extension, write } = EXPORT_FORMATS[format]
      const day = new Date(data.exportedAt).toISOString().slice(0, 10)
      return {
        kind: 'download',
        contentType,
        fileName: `conversations-${day}.${extension}`,
        chunks: write(data),
      }
    },
  })
