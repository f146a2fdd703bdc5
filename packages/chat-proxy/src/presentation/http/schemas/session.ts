import type { StartResponse, UsageResponse } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import { SAMPLE, time } from './common.js'
import { limitState } from './errors.js'

export const startResponse = z
  .object({
    token: z.string().describe('Bearer token for every other call.'),
    expires_at: time,
    visitor_id: z.string().describe('Owner of all that follows: `v_…` for a visitor, `u_…` for a user.'),
    tenant: z.string(),
    greeting: z.string(),
    suggestions: z.array(z.string()),
    features: z.object({
      demo: z.boolean().describe('The built-in scripted model answers; say so to people.'),
      chat: z.boolean().exactOptional().describe('False: asking would be refused; hide the chat.'),
    }),
    limits: z.object({
      max_message_chars: z.int(),
      heartbeat_seconds: z.number(),
    }),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…',
        expires_at: SAMPLE.time,
        visitor_id: 'v_4e1c',
        tenant: 'default',
        greeting: 'Hello! How can I help?',
        suggestions: ['What do you ship?'],
        features: { demo: false, chat: true },
        limits: { max_message_chars: 8000, heartbeat_seconds: 10 },
      } satisfies StartResponse,
    ],
  }) satisfies z.ZodType<StartResponse>

export const usageResponse = z
  .object({ limits: z.array(limitState) })
  .meta({ id: 'UsageOfLimits' }) satisfies z.ZodType<UsageResponse>

const dependency = z.enum(['ok', 'down'])

export const health = z.object({ status: z.literal('ok') })

export const readinessReport = z
  .object({ status: z.enum(['ok', 'unavailable']), dependencies: z.record(z.string(), dependency) })
  .meta({ id: 'Readiness', examples: [{ status: 'ok', dependencies: { database: 'ok', redis: 'down' } }] })
