import { z } from 'zod'
import type { UseCases } from '../../../../application/use-cases.js'
import type { StoredTenant } from '../../../../domain/ports/index.js'
import { empty, json } from '../../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../../routing/endpoint.js'
import { idParams } from '../../routing/fields.js'

type App = Pick<UseCases, 'manageTenants'>

/** The fields of docs/tenants.md; which they are is for the tenant format to say. */
const settings = z.record(z.string(), z.unknown())

const wireTenant = ({ id, settings: said, createdAt, updatedAt }: StoredTenant) => ({
  id,
  ...said,
  created_at: new Date(createdAt).toISOString(),
  updated_at: new Date(updatedAt).toISOString(),
})

/** What an answer has and a request may have, too, so that what was read can be written again. */
function withoutStamps(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { id: _id, created_at: _created, updated_at: _updated, ...rest } = body
  return rest
}

export const listTenants = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    handle: async () => json(200, { tenants: (await manageTenants.list()).map(wireTenant) }),
  })

export const getTenant = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    params: idParams,
    query: NO_QUERY,
    body: NO_BODY,
    handle: async ({ params }) => json(200, wireTenant(await manageTenants.find(params.id))),
  })

export const saveTenant = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    params: idParams,
    query: NO_QUERY,
    body: settings,
    async handle({ params, body }) {
      const { tenant, created } = await manageTenants.save(params.id, withoutStamps(body))
      return json(created ? 201 : 200, wireTenant(tenant))
    },
  })

export const updateTenant = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    params: idParams,
    query: NO_QUERY,
    body: settings,
    handle: async ({ params, body }) =>
      json(200, wireTenant(await manageTenants.update(params.id, withoutStamps(body)))),
  })

export const deleteTenant = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    params: idParams,
    query: NO_QUERY,
    body: NO_BODY,
    async handle({ params }) {
      await manageTenants.remove(params.id)
      return empty
    },
  })

const DAY_SECONDS = 86_400

export const rotateKey = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    params: idParams,
    query: NO_QUERY,
    body: z
      .object({
        overlap_seconds: z
          .int()
          .min(0)
          .max(365 * DAY_SECONDS)
          .default(7 * DAY_SECONDS),
      })
      .prefault({}),
    async handle({ params, body }) {
      const { key, tenant } = await manageTenants.rotateKey(params.id, body.overlap_seconds * 1000)
      return json(201, { key, publishable_keys: tenant.settings['publishable_keys'] })
    },
  })
