import { z } from 'zod'
import type { UseCases } from '../../../../application/use-cases.js'
import type { KillSwitch, SwitchTarget } from '../../../../domain/kill-switch.js'
import { json } from '../../reply.js'
import { noneOf } from '../../routing/fields.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../../routing/endpoint.js'
import { answersJson } from '../../routing/documentation.js'
import { killSwitchList } from '../../schemas/admin.js'

type App = Pick<UseCases, 'turnSwitch'>

const turn = { off: z.boolean(), reason: z.string().max(500).default('') }
const turned = z.discriminatedUnion(
  'scope',
  [
    z.object({ scope: z.literal('installation'), ...turn }),
    z.object({ scope: z.literal('tenant'), tenant: z.string().min(1).max(64), ...turn }),
    z.object({ scope: z.literal('model'), model: z.string().min(1).max(200), ...turn }),
  ],
  { error: noneOf('must be installation, tenant or model') },
)

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
  endpoint({
    doc: {
      name: 'listKillSwitches',
      group: 'Operator',
      summary: 'What is switched off.',
      answers: { 200: answersJson('All that is off.', killSwitchList) },
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    handle: () => answer(app),
  })

export const turnKillSwitch = (app: App): Endpoint<null> =>
  endpoint({
    doc: {
      name: 'turnKillSwitch',
      group: 'Operator',
      summary:
        'Switches the installation, a tenant or a model off, and on again. What is not there cannot be switched off: 404 names the field.',
      example: { scope: 'tenant', tenant: 'acme', off: true, reason: 'abuse' },
      answers: { 200: answersJson('All that is off now.', killSwitchList) },
      refusals: [404],
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: turned,
    async handle({ body }) {
      if (body.off) await app.turnSwitch.off(targetOf(body), body.reason)
      else await app.turnSwitch.on(targetOf(body))
      return answer(app)
    },
  })
