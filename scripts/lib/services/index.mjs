import { provideChromium } from './chromium.mjs'
import { providePostgresql } from './postgresql.mjs'
import { provideRedis } from './redis.mjs'

/**
 * What tests need beyond npm packages: either the environment variables that lead to it (and a way to stop it,
 * if we started it), or the reason why this machine has none.
 * @typedef {{ env: Record<string, string>, stop?: () => Promise<void> } | { missing: string }} Service
 */

const PROVIDERS = { Chromium: provideChromium, PostgreSQL: providePostgresql, Redis: provideRedis }

/** Finds or starts services when first asked for, and stops at the end what it started. */
export class Services {
  #toolchain
  #provided = new Map()

  /** @param {{ node: string, env: object }} toolchain */
  constructor(toolchain) {
    this.#toolchain = toolchain
  }

  /** @param {keyof PROVIDERS} name @returns {Promise<Service>} Never rejects. */
  provide(name) {
    const context = { toolchain: this.#toolchain }
    const provide = () => PROVIDERS[name](context).catch((error) => ({ missing: error.message }))
    if (!this.#provided.has(name)) this.#provided.set(name, provide())
    return this.#provided.get(name)
  }

  /** The services that were asked for and that this machine has not, as `{ name, reason }`. */
  async missing() {
    const entries = await Promise.all(
      [...this.#provided].map(async ([name, service]) => [name, await service]),
    )
    return entries
      .filter(([, { missing }]) => missing)
      .map(([name, { missing }]) => ({ name, reason: missing }))
  }

  async stop() {
    await Promise.all([...this.#provided.values()].map(async (service) => (await service).stop?.()))
  }
}
