import { expect, test } from 'vitest'
import { tenantOf } from '../../domain/tenant.js'
import { SingleTenantDirectory } from './single-tenant-directory.js'

const tenant = (...keys: string[]) =>
  tenantOf({ id: 'default', publishableKeys: keys.map((key) => ({ key, expiresAt: null })) })

test('without keys every start belongs to the one tenant', async () => {
  const directory = new SingleTenantDirectory(tenant())
  expect(await directory.findByKey(null)).toMatchObject({ id: 'default' })
  expect(await directory.findByKey('whatever')).toMatchObject({ id: 'default' })
})

test('with a key only that key opens it', async () => {
  const directory = new SingleTenantDirectory(tenant('pk_site'))
  expect(await directory.findByKey('pk_site')).toMatchObject({ id: 'default' })
  expect(await directory.findByKey('pk_other')).toBeNull()
  expect(await directory.findByKey(null)).toBeNull()
})

test('other tenants are not there', async () => {
  const directory = new SingleTenantDirectory(tenant())
  expect(await directory.find('default')).not.toBeNull()
  expect(await directory.find('acme')).toBeNull()
})
