import { z } from 'zod'

/** Schemas of what is answered. They document and are tested against what really comes; nothing is checked by them in use. */

export const time = z.string().meta({ format: 'date-time', examples: ['2026-05-01T12:00:00.000Z'] })

/** An example of every kind of id, so that examples fit together. */
export const SAMPLE = {
  conversation: 'c_5fQ2nXw8Lk',
  question: 'm_a81Ty0PzVd',
  answer: 'm_b3KrN6uHqE',
  run: 'r_9sJm4CeYtB',
  time: '2026-05-01T12:00:00.000Z',
  request: '0b8f1a52-6f0f-4b1e-9d0e-2d2f6b7c1a90',
} as const

export const id = z.string()

export const usage = z
  .object({
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    total_tokens: z.int(),
  })
  .meta({ id: 'Usage', description: 'What the provider counted.' })
