import type { StartResponse } from '@colloquy/chat-core/protocol'
import { z } from 'zod'
import type { UseCases } from '../../../application/use-cases.js'
import { json } from '../reply.js'
import { bearerToken } from '../routing/bearer-token.js'
import { endpoint, NO_PARAMS, NO_QUERY, type Endpoint } from '../routing/endpoint.js'
import { answersJson } from '../routing/documentation.js'
import { startResponse } from '../schemas/session.js'

export const startChat = ({ startSession }: Pick<UseCases, 'startSession'>): Endpoint<null> =>
  endpoint({
    doc: {
      name: 'startChat',
      group: 'Session',
      summary: 'A session for a new visitor, the same visitor once more, or a user who proves to be one.',
      headers: ['X-Colloquy-Key'],
      example: {},
      answers: { 201: answersJson('The session.', startResponse) },
      refusals: [401, 403, 429],
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: z.object({ visitor_token: z.string().max(4096).optional() }).optional(),
    async handle({ header, origin, network, body, askHost }) {
      const session = await startSession.execute({
        ...origin,
        network,
        publishableKey: header('x-colloquy-key'),
        tenantId: header('x-tenant-id'),
        token: bearerToken(header('authorization')),
        visitorToken: body?.visitor_token ?? null,
        askHost,
      })
      const { caller, tenant, settings } = session
      const started: StartResponse = {
        token: session.token,
        expires_at: new Date(session.expiresAt).toISOString(),
        visitor_id: caller.subject,
        tenant: tenant.id,
        greeting: tenant.greeting,
        suggestions: [...tenant.suggestions],
        features: { demo: session.isDemo, chat: session.isChatOpen },
        limits: {
          max_message_chars: settings.maxMessageChars,
          heartbeat_seconds: settings.heartbeatMs / 1000,
        },
      }
      return json(201, started)
    },
  })
