import type { Completion } from '../../application/complete-chat/completion.js'
import type { FollowedRun } from '../../application/follow-run/follow-run.js'
import type { StreamFormatName } from './stream/stream-formats.js'

/** What an endpoint answers. Endpoints return values; one place writes them. */
export type Reply =
  | {
      readonly kind: 'json'
      readonly status: number
      readonly body: unknown
      /** The run that it tells the end of. */
      readonly runId?: string
    }
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'text'
      readonly contentType: string
      readonly text: string
      /** In the place of the standard ones. */
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly kind: 'completion'; readonly completion: Completion; readonly withUsage: boolean }
  /** A file that is made while it is sent. */
  | {
      readonly kind: 'download'
      readonly contentType: string
      readonly fileName: string
      readonly chunks: AsyncIterable<string>
    }
  | {
      readonly kind: 'events'
      readonly followed: FollowedRun
      readonly format: StreamFormatName
      /** Starts with 2 KB of comment, for proxies that hold back the beginning of an answer. */
      readonly padded: boolean
    }

export const json = (status: number, body: unknown): Reply => ({ kind: 'json', status, body })
export const text = (
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply => ({ kind: 'text', contentType, text: body, headers })
export const empty: Reply = { kind: 'empty' }
