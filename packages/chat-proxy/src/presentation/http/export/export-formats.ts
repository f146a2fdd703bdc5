import type { ExportedData } from '../../../application/export-data/export-data.js'
import { exportAsJson } from './export-as-json.js'
import { exportAsMarkdown } from './export-as-markdown.js'

export interface ExportFormat {
  readonly contentType: string
  readonly extension: string
  readonly write: (data: ExportedData) => AsyncIterable<string>
}

/** For programs, and for people. */
export const EXPORT_FORMATS: Readonly<Record<'json' | 'markdown', ExportFormat>> = {
  json: { contentType: 'application/json; charset=utf-8', extension: 'json', write: exportAsJson },
  markdown: { contentType: 'text/markdown; charset=utf-8', extension: 'md', write: exportAsMarkdown },
}
