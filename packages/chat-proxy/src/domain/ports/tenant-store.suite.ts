import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DomainEvent } from '../domain-event.js'
import type { ControlRevision } from './control.js'
import type { TenantSettings } from './tenant-format.js'
import type { TenantStore } from './tenant-store.js'

export interface OpenTenantStore {
  readonly tenants: TenantStore
  readonly revision: ControlRevision
  events(tenantId: string): Promise<readonly DomainEvent[]>
  close(): Promise<void>
}

const saved = (tenantId: string, at: number): DomainEvent => ({
  tenantId,
  type: 'tenant.saved',
  subjectId: tenantId,
  actor: 'operator',
  at,
  data: { created: true, fields: 'greeting' },
})

/** What every adapter of the tenant store must do. `open` gives an empty one. */
export function tenantStoreSuite(name: string, open: () => Promise<OpenTenantStore>): void {
  describe(`tenant store: ${name}`, () => {
    let store: OpenTenantStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const save = (id: string, settings: TenantSettings | null, at = 1) =>
      store.tenants.change(id, () => ({ settings, event: saved(id, at) }))

    test('is empty at first', async () => {
      expect(await store.tenants.list()).toEqual([])
      expect(await store.revision.current()).toBe(0)
    })

    test('keeps settings as they were given, in the order of ids', async () => {
      await save('bolt', { greeting: 'Grüß Gott 👋', limits: { messages_per_day: { user: null } } })
      await save('acme', {}, 2)
      expect(await store.tenants.list()).toEqual([
        { id: 'acme', settings: {}, createdAt: 2, updatedAt: 2 },
        {
          id: 'bolt',
          settings: { greeting: 'Grüß Gott 👋', limits: { messages_per_day: { user: null } } },
          createdAt: 1,
          updatedAt: 1,
        },
      ])
    })

    test('a change leaves the time of creation and all other tenants', async () => {
      await save('acme', { greeting: 'Hi' }, 1)
      await save('bolt', {}, 2)
      expect(await save('acme', { greeting: 'Hello' }, 3)).toEqual({
        id: 'acme',
        settings: { greeting: 'Hello' },
        createdAt: 1,
        updatedAt: 3,
      })
      expect(await store.tenants.list()).toHaveLength(2)
    })

    test('the event is written with the change, and the revision grows', async () => {
      await save('acme', {})
      expect(await store.events('acme')).toEqual([saved('acme', 1)])
      expect(await store.revision.current()).toBe(1)
      await save('acme', null, 2)
      expect(await store.events('acme')).toHaveLength(2)
      expect(await store.revision.current()).toBe(2)
    })

    test('who is taken away is gone', async () => {
      await save('acme', {})
      expect(await save('acme', null)).toBeNull()
      expect(await store.tenants.list()).toEqual([])
    })

    test('a decision that throws changes nothing', async () => {
      await save('acme', { greeting: 'Hi' })
      const refused = store.tenants.change('acme', () => {
        throw new TypeError('no')
      })
      await expect(refused).rejects.toThrow()
      expect(await store.tenants.list()).toMatchObject([{ settings: { greeting: 'Hi' } }])
      expect(await store.events('acme')).toHaveLength(1)
      expect(await store.revision.current()).toBe(1)
    })

    test('changes made at once do not fall into each other', async () => {
      await save('acme', { n: 0 })
      const bump = () =>
        store.tenants.change('acme', (all) => ({
          settings: { n: Number(all.find(({ id }) => id === 'acme')?.settings['n']) + 1 },
          event: saved('acme', 2),
        }))
      await Promise.all(Array.from({ length: 20 }, bump))
      expect(await store.tenants.list()).toMatchObject([{ settings: { n: 20 } }])
      expect(await store.revision.current()).toBe(21)
    })
  })
}
