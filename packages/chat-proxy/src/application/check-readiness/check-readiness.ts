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
    const { dependencies, isDraining } = this.#deps
    const states = await Promise.all(dependencies.map((dependency) => this.#state(dependency)))
    const works = dependencies.every(({ isEssential }, index) => !isEssential || states[index] === 'ok')
    const named = dependencies.map(({ name }, index) => [name, states[index] ?? 'down'] as const)
    return { ready: works && !isDraining(), dependencies: Object.fromEntries(named) }
  }

  async #state(dependency: Dependency): Promise<'ok' | 'down'> {
    try {
      await dependency.check()
      return 'ok'
    } catch (error) {
      this.#deps.logger.warn('a dependency is down', { code: dependency.name, error })
      return 'down'
    }
  }
}
