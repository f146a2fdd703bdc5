import type { DomainEvent } from '../domain-event.js'
import type { KillSwitch, SwitchTarget } from '../kill-switch.js'

/** What is switched off, for all processes and over restarts. Adapters pass `killSwitchStoreSuite`. */
export interface KillSwitchStore {
  /** The oldest first. */
  list(): Promise<readonly KillSwitch[]>
  /** Together with the event. What is off already stays off, with the new reason. */
  turnOff(killSwitch: KillSwitch, event: DomainEvent): Promise<void>
  /** Together with the event; nothing happens when it is on. @returns whether it was off */
  turnOn(target: SwitchTarget, event: DomainEvent): Promise<boolean>
}
