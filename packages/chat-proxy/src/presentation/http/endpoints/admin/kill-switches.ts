import { z } from 'zod'
import type { UseCases } from '../../../../application/use-cases.js'
import type { KillSwitch, SwitchTarget } from '../../../../domain/kill-switch.js'
import { json } from '../../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../../routing/endpoint.js'

type App = Pick<UseCases, 'turnSwitch'>

const turn = { off: z.boolean(), reason: z.string().max(500).default('') }
const turned = z.discriminatedUnion('scope', [
  z.object({ scope: z.literal('installation'), ...turn }),
  z.object({ scope: z.literal('tenant'), tenant: z.string().min(1).max(64), ...turn }),
  z.object({ scope: z.literal('model'), model: z.string().min(1).max(200), ...turn }),
])

function targetOf(body: z.output<typeof turned>): SwitchTarget {
  if (body.scope === 'tenant') return { scope: body.scope, tenantId: body.tenant }
  return body.scope === 'model' ? { scope: body.scope, model: body.model } : { scope: body.scope }
}

const wireSwitch = ({ target, since, reason }: KillSwitch) => ({
  scope: target.scope,
  ...(target.scope === 'tenant' && { tenant: target.tenantId }),
  ...(target.scope === 'model' && { model: target.model }),
  since: new Date(since).toISOString(),
  reason,
})

const answer = async ({ turnSwitch }: App) =>
  json(200, { kill_switches: (await turnSwitch.list()).map(wireSwitch) })

export const listKillSwitches = (app: App): Endpoint<null> =>
  endpoint({ params: NO_PARAMS, query: NO_QUERY, body: NO_BODY, handle: () => answer(app) })

export const turnKillSwitch = (app: App): Endpoint<null> =>
  endpoint({
    params: NO_PARAMS,
    query: NO_QUERY,
    body: turned,
    async handle({ body }) {
      if (body.off) await app.turnSwitch.off(targetOf(body), body.reason)
      else await app.turnSwitch.on(targetOf(body))
      return answer(app)
    },
  })
