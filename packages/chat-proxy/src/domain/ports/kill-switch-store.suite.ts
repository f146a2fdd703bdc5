import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DomainEvent } from '../domain-event.js'
import type { SwitchTarget } from '../kill-switch.js'
import type { ControlRevision } from './control.js'
import type { KillSwitchStore } from './kill-switch-store.js'

export interface OpenKillSwitchStore {
  readonly switches: KillSwitchStore
  readonly revision: ControlRevision
  events(tenantId: string): Promise<readonly DomainEvent[]>
  close(): Promise<void>
}

const turned = (at: number): DomainEvent => ({
  tenantId: '',
  type: 'kill-switch.turned',
  subjectId: 'any',
  actor: 'operator',
  at,
  data: {},
})

const TARGETS: readonly SwitchTarget[] = [
  { scope: 'installation' },
  { scope: 'tenant', tenantId: 'acme' },
  { scope: 'model', model: 'groq:openai/gpt-oss-120b' },
]

/** What every adapter of the kill switch store must do. `open` gives an empty one. */
export function killSwitchStoreSuite(name: string, open: () => Promise<OpenKillSwitchStore>): void {
  describe(`kill switch store: ${name}`, () => {
    let store: OpenKillSwitchStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    test('nothing is off at first', async () => {
      expect(await store.switches.list()).toEqual([])
    })

    test('keeps what is off, the oldest first, and takes away what is on again', async () => {
      const all = TARGETS.map((target, since) => ({ target, since, reason: `“${since}” 💥` }))
      for (const one of all) await store.switches.turnOff(one, turned(one.since))
      expect(await store.switches.list()).toEqual(all)
      const [installation, ...others] = TARGETS
      if (!installation) throw new Error('unreachable')
      expect(await store.switches.turnOn(installation, turned(3))).toBe(true)
      expect((await store.switches.list()).map(({ target }) => target)).toEqual(others)
    })

    test('what is off already stays off since then, for the new reason', async () => {
      const target = { scope: 'installation' } as const
      await store.switches.turnOff({ target, since: 1, reason: 'first' }, turned(1))
      await store.switches.turnOff({ target, since: 2, reason: 'second' }, turned(2))
      expect(await store.switches.list()).toEqual([{ target, since: 1, reason: 'second' }])
    })

    test('every turn is recorded and raises the revision; turning on what is on is none', async () => {
      const target = { scope: 'installation' } as const
      await store.switches.turnOff({ target, since: 1, reason: '' }, turned(1))
      expect(await store.switches.turnOn(target, turned(2))).toBe(true)
      expect(await store.switches.turnOn(target, turned(3))).toBe(false)
      expect(await store.events('')).toEqual([turned(1), turned(2)])
      expect(await store.revision.current()).toBe(2)
    })
  })
}
