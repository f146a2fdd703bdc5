import type { IdentityKeys } from '../../domain/identity.js'
import { PublishedKeys, type PublishedKeysDeps } from './published-keys.js'
import { secretKeys, type TokenKeys } from './token-keys.js'

/** Most issuers whose keys are held; beyond that the one that was used longest ago is forgotten and fetched again. */
const CAPACITY = 1_000

/** The keys of all issuers. However many tenants name the same ones, they are fetched once. */
export class KeyRing {
  readonly #deps: PublishedKeysDeps
  readonly #keys = new Map<string, TokenKeys>()

  constructor(deps: PublishedKeysDeps) {
    this.#deps = deps
  }

  of(settings: IdentityKeys): TokenKeys {
    const name = nameOf(settings)
    const keys = this.#keys.get(name) ?? this.#open(settings)
    this.#keys.delete(name)
    this.#keys.set(name, keys)
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= CAPACITY) break
      this.#keys.delete(oldest)
    }
    return keys
  }

  #open(settings: IdentityKeys): TokenKeys {
    if (settings.kind === 'secret') return secretKeys(settings.secret)
    const reach = settings.namedBy === 'operator' ? 'anywhere' : 'public'
    return new PublishedKeys({ url: settings.url, reach }, this.#deps)
  }
}

const nameOf = (settings: IdentityKeys): string =>
  settings.kind === 'secret' ? `secret ${settings.secret}` : `${settings.namedBy} ${settings.url}`
