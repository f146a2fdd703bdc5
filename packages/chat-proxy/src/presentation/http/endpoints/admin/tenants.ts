import { z } from 'zod'
import type { UseCases } from '../../../../application/use-cases.js'
import type { StoredTenant } from '../../../../domain/ports/index.js'
import { empty, json } from '../../reply.js'
import { endpoint, NO_BODY, NO_PARAMS, NO_QUERY, type Endpoint } from '../../routing/endpoint.js'
import { idParams } from '../../routing/fields.js'
import { answersJson, answersNothing } from '../../routing/documentation.js'
import { rotatedKey, tenant, tenantList } from '../../schemas/admin.js'

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
    doc: {
      name: 'listTenants',
      group: 'Operator',
      summary: 'The tenants in the database.',
      answers: { 200: answersJson('All of them.', tenantList) },
      refusals: [409],
    },
    params: NO_PARAMS,
    query: NO_QUERY,
    body: NO_BODY,
    handle: async () => json(200, { tenants: (await manageTenants.list()).map(wireTenant) }),
  })

export const getTenant = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    doc: {
      name: 'getTenant',
      group: 'Operator',
      summary: 'One tenant.',
      answers: { 200: answersJson('The tenant.', tenant) },
      refusals: [409],
    },
    params: idParams,
    query: NO_QUERY,
    body: NO_BODY,
    handle: async ({ params }) => json(200, wireTenant(await manageTenants.find(params.id))),
  })

export const saveTenant = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    doc: {
      name: 'saveTenant',
      group: 'Operator',
      summary: 'Creates a tenant, or puts these settings in the place of all it had.',
      bodySchema: manageTenants.settingsSchema,
      example: { publishable_keys: ['pk_4be1'], allowed_origins: ['https://example.com'] },
      answers: { 200: answersJson('It was replaced.', tenant), 201: answersJson('It was created.', tenant) },
      refusals: [409],
    },
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
    doc: {
      name: 'updateTenant',
      group: 'Operator',
      summary: 'Changes the fields that are named, each as a whole.',
      bodySchema: manageTenants.settingsSchema,
      example: { greeting: 'Hello!' },
      answers: { 200: answersJson('The tenant.', tenant) },
      refusals: [409],
    },
    params: idParams,
    query: NO_QUERY,
    body: settings,
    handle: async ({ params, body }) =>
      json(200, wireTenant(await manageTenants.update(params.id, withoutStamps(body)))),
  })

export const deleteTenant = ({ manageTenants }: App): Endpoint<null> =>
  endpoint({
    doc: {
      name: 'deleteTenant',
      group: 'Operator',
      summary: 'Nobody of the tenant gets in any more. What it has stored stays.',
      answers: { 204: answersNothing('It is deleted.') },
      refusals: [409],
    },
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
    doc: {
      name: 'rotateKey',
      group: 'Operator',
      summary: 'A new publishable key; the old ones end after the overlap.',
      example: { overlap_seconds: 604_800 },
      answers: { 201: answersJson('The new key, and all there are.', rotatedKey) },
      refusals: [409],
    },
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
