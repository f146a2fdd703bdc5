import type { DomainEvent } from '../../domain/domain-event.js'
import { DomainError } from '../../domain/errors.js'
import { isNamed, type KillSwitch, type SwitchTarget } from '../../domain/kill-switch.js'
import type {
  Clock,
  KillSwitchStore,
  ModelDirectory,
  ProvidedModel,
  TenantDirectory,
} from '../../domain/ports/index.js'
import { OPERATOR } from '../manage-tenants/tenant-change.js'
import type { WatchControl } from '../watch-control/watch-control.js'

export interface TurnSwitchDeps {
  readonly killSwitches: KillSwitchStore
  readonly tenants: TenantDirectory
  readonly models: ModelDirectory
  readonly watchControl: WatchControl
  readonly clock: Clock
}

/**
 * Switches the chat off and on: for the installation, a tenant or a model. When a call resolves, this process takes no new
 * question and ends the answers under way; every other one does within two seconds.
 */
export class TurnSwitch {
  readonly #deps: TurnSwitchDeps

  constructor(deps: TurnSwitchDeps) {
    this.#deps = deps
  }

  /** Everything that is off. */
  list(): Promise<readonly KillSwitch[]> {
    return this.#deps.killSwitches.list()
  }

  /** @throws DomainError `tenant-not-found`, `model-not-found` for a slip, of which nothing would be off */
  async off(target: SwitchTarget, reason: string): Promise<void> {
    const { killSwitches, clock, watchControl } = this.#deps
    await this.#assertThere(target)
    const now = clock.now()
    await killSwitches.turnOff(
      { target, since: now, reason },
      turnedEvent(target, { off: true, reason }, now),
    )
    await watchControl.changed()
  }

  /** Also what is there no more. Nothing happens when it is on. */
  async on(target: SwitchTarget): Promise<void> {
    const { killSwitches, clock, watchControl } = this.#deps
    await killSwitches.turnOn(target, turnedEvent(target, { off: false }, clock.now()))
    await watchControl.changed()
  }

  /** @throws DomainError as `off` */
  async #assertThere(target: SwitchTarget): Promise<void> {
    if ((await this.#strangerIn(target)) === null) return
    // Another process may have been told of it a moment ago.
    await this.#deps.watchControl.look()
    const stranger = await this.#strangerIn(target)
    if (stranger) throw stranger
  }

  /** @returns `null` when there is what it names */
  async #strangerIn(target: SwitchTarget): Promise<DomainError | null> {
    const { tenants, models } = this.#deps
    if (target.scope === 'installation') return null
    if (target.scope === 'tenant')
      return (await tenants.find(target.tenantId)) ? null : noSuchTenant(target.tenantId)
    const all = models.all(await tenants.list())
    return all.some((one) => isNamed(target.model, one)) ? null : noSuchModel(target.model, all)
  }
}

const noSuchTenant = (id: string): DomainError =>
  new DomainError('tenant-not-found', `tenant: there is no "${id}", so nothing was switched off.`)

/** As many as one can read when it is urgent. */
const MOST_NAMES = 20

function noSuchModel(name: string, all: readonly ProvidedModel[]): DomainError {
  const names = all.slice(0, MOST_NAMES).map(({ provider, model }) => `${provider}:${model}`)
  const there = `${names.join(', ')}${all.length > MOST_NAMES ? ' and others' : ''}`
  return new DomainError(
    'model-not-found',
    `model: there is no "${name}", so nothing was switched off. There are ${there}.`,
  )
}

/** The audit row. What concerns no tenant stands in the log of the installation, which has an empty one. */
const turnedEvent = (
  target: SwitchTarget,
  turn: { readonly off: boolean; readonly reason?: string },
  at: number,
): DomainEvent => ({
  tenantId: target.scope === 'tenant' ? target.tenantId : '',
  type: 'kill-switch.turned',
  subjectId: target.scope === 'model' ? target.model : target.scope,
  actor: OPERATOR,
  at,
  data: { scope: target.scope, ...turn },
})
