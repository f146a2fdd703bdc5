import type { KillSwitches } from '../../domain/kill-switch.js'
import type { KillSwitchStore, Refreshable } from '../../domain/ports/index.js'

/** Brings what is off into memory. */
export class StoredKillSwitches implements Refreshable {
  readonly #store: KillSwitchStore
  readonly #switches: KillSwitches

  constructor(store: KillSwitchStore, switches: KillSwitches) {
    this.#store = store
    this.#switches = switches
  }

  async refresh(): Promise<void> {
    this.#switches.replace(await this.#store.list())
  }
}
