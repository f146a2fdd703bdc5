import { openAiFormat } from './openai-chunks.js'
import type { StreamFormat } from './stream-format.js'
import { uiFormat } from './ui-chunks.js'

/** Every way to write a run, by its name in `?format=`. */
export const STREAM_FORMATS = {
  openai: openAiFormat,
  ui: uiFormat,
} as const satisfies Record<string, StreamFormat>

export type StreamFormatName = keyof typeof STREAM_FORMATS
