/** What can be switched off. */
export type SwitchTarget =
  | { readonly scope: 'installation' }
  | { readonly scope: 'tenant'; readonly tenantId: string }
  /** A model by its name, at whichever provider, or as `provider:model` at that one alone. */
  | { readonly scope: 'model'; readonly model: string }

/** Whether `name` means this model, at whichever provider or at this one. */
export const isNamed = (
  name: string,
  { provider, model }: { readonly provider: string; readonly model: string },
): boolean => name === model || name === `${provider}:${model}`

/** Something that is switched off. */
export interface KillSwitch {
  readonly target: SwitchTarget
  /** Milliseconds since 1970. */
  readonly since: number
  /** For the operator alone; may be empty. */
  readonly reason: string
}

/** What is off, as this process knows it: asked for every question, and told to whoever is in the middle of an answer. */
export class KillSwitches {
  #tenants: ReadonlySet<string> = new Set()
  #models: ReadonlySet<string> = new Set()
  #isInstallationOff = false
  readonly #listeners = new Set<() => void>()

  /** All that is off now. */
  replace(switches: readonly KillSwitch[]): void {
    const targets = switches.map(({ target }) => target)
    this.#isInstallationOff = targets.some(({ scope }) => scope === 'installation')
    this.#tenants = new Set(targets.flatMap((one) => (one.scope === 'tenant' ? [one.tenantId] : [])))
    this.#models = new Set(targets.flatMap((one) => (one.scope === 'model' ? [one.model] : [])))
    for (const listener of this.#listeners) listener()
  }

  /** By itself, or with the whole installation. */
  isTenantOff(tenantId: string): boolean {
    return this.#isInstallationOff || this.#tenants.has(tenantId)
  }

  isModelOff(provider: string, model: string): boolean {
    return this.#models.has(model) || this.#models.has(`${provider}:${model}`)
  }

  /** Calls `listener` when the tenant is off, at once if it is already, and perhaps again. Returns the way to stop. */
  onTenantOff(tenantId: string, listener: () => void): () => void {
    const look = (): void => {
      if (this.isTenantOff(tenantId)) listener()
    }
    look()
    return this.onChange(look)
  }

  /** Calls `listener`, which must not throw, when something may have changed. Returns the way to stop. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }
}
