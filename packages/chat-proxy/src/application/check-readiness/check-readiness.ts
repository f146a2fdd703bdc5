import type { Dependency, Logger } from '../../domain/ports/index.js'

export interface Readiness {
  readonly ready: boolean
  /** By name; a dependency's own error is logged, never shown. */
  readonly dependencies: Readonly<Record<string, 'ok' | 'down'>>
}

export interface CheckReadinessDeps {
  readonly dependencies: readonly Dependency[]
  readonly logger: Logger
  readonly isDraining: () => boolean
}

/** Whether this process should be given requests now. */
export class CheckReadiness {
  readonly #deps: CheckReadinessDeps

  constructor(deps: CheckReadinessDeps) {
    this.#deps = deps
  }

  async execute(): Promise<Readiness> {
    const states = await Promise.all(this.#deps.dependencies.map((dependency) => this.#state(dependency)))
    const dependencies = Object.fromEntries(states)
    const ready = !this.#deps.isDraining() && states.every(([, state]) => state === 'ok')
    return { ready, dependencies }
  }

  async #state(dependency: Dependency): Promise<[string, 'ok' | 'down']> {
    try {
      await dependency.check()
      return [dependency.name, 'ok']
    } catch (error) {
      this.#deps.logger.warn('a dependency is down', { code: dependency.name, error })
      return [dependency.name, 'down']
    }
  }
}
