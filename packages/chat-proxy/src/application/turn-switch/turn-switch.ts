import type { DomainEvent } from '../../domain/domain-event.js'
import type { KillSwitch, SwitchTarget } from '../../domain/kill-switch.js'
import type { Clock, KillSwitchStore } from '../../domain/ports/index.js'
import { OPERATOR } from '../manage-tenants/tenant-change.js'
import type { WatchControl } from '../watch-control/watch-control.js'

export interface TurnSwitchDeps {
  readonly killSwitches: KillSwitchStore
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

  async off(target: SwitchTarget, reason: string): Promise<void> {
    const { killSwitches, clock, watchControl } = this.#deps
    const now = clock.now()
    await killSwitches.turnOff(
      { target, since: now, reason },
      turnedEvent(target, { off: true, reason }, now),
    )
    await watchControl.changed()
  }

  /** Nothing happens when it is on. */
  async on(target: SwitchTarget): Promise<void> {
    const { killSwitches, clock, watchControl } = this.#deps
    await killSwitches.turnOn(target, turnedEvent(target, { off: false }, clock.now()))
    await watchControl.changed()
  }
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
