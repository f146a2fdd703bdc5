import { z } from 'zod'

/** Chapters of the documentation, in their order. */
export const GROUPS = [
  'Session',
  'Conversations',
  'Runs',
  'Personal data',
  'Other clients',
  'Operator',
  'Operation',
] as const
export type Group = (typeof GROUPS)[number]

/** Headers of a request that mean something beside those that every request has. */
export type RequestHeader = 'Idempotency-Key' | 'Last-Event-ID' | 'X-Colloquy-Key'

/** One kind of body that an answer may have. */
export interface Content {
  readonly mediaType: string
  readonly schema: z.ZodType
}

export interface AnswerDoc {
  readonly description: string
  /** Empty: no body. */
  readonly contents: readonly Content[]
}

/** What readers are told of an endpoint beside its schemas. */
export interface EndpointDoc {
  /** Unique. Generators of clients make it the name of a function. */
  readonly name: string
  readonly group: Group
  readonly summary: string
  readonly headers?: readonly RequestHeader[]
  /** JSON Schema of the body, where something behind the endpoint checks it. */
  readonly bodySchema?: Readonly<Record<string, unknown>>
  /** A body that can be sent as it is. */
  readonly example?: unknown
  /** By status, when all goes well. */
  readonly answers: Readonly<Record<number, AnswerDoc>>
  /** Statuses of refusals beyond those that follow from the row of the route table. */
  readonly refusals?: readonly number[]
}

/** What may become of a question: too many, too much, off, used up, in the way of another one, too slow. */
export const ASKING: readonly number[] = [403, 409, 422, 429, 503, 504]

export const answersJson = (description: string, schema: z.ZodType): AnswerDoc => ({
  description,
  contents: [{ mediaType: 'application/json', schema }],
})

export const answersText = (description: string, mediaType: string): AnswerDoc => ({
  description,
  contents: [{ mediaType, schema: z.string() }],
})

export const answersNothing = (description: string): AnswerDoc => ({ description, contents: [] })

/** @param how what the events are */
export const answersEvents = (how: string): AnswerDoc => answersText(how, 'text/event-stream')
