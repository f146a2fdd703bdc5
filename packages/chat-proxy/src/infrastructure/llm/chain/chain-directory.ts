import type { ChatModel } from '../../../domain/ports/chat-model.js'
import type { ModelDirectory, ProvidedModel } from '../../../domain/ports/model-directory.js'
import type { Tenant } from '../../../domain/tenant.js'
import type { ChainProvider } from './model-chain.js'

export type Links = readonly [ChainProvider, ...ChainProvider[]]

export interface ChainDirectoryOptions {
  /** For tenants that name none of their own. */
  readonly installation: Links
  /** What `provider` or `provider:model` names; the same object each time. `null`: nothing here. */
  find(this: void, name: string): ChainProvider | null
  /** Several as one. */
  chainOf(this: void, links: Links): ChatModel
}

/** Each tenant's own chain of the installation's providers. Chains of the same links are one chain. */
export class ChainDirectory implements ModelDirectory {
  readonly #options: ChainDirectoryOptions
  readonly #chains = new Map<string, ChatModel>()
  /** Every link of a chain that was made. */
  readonly #asked = new Set<ChainProvider>()

  constructor(options: ChainDirectoryOptions) {
    this.#options = options
  }

  usual(tenant: Tenant): ChatModel {
    return this.#chain(this.#links(tenant))
  }

  smaller(tenant: Tenant): ChatModel | null {
    const link = this.#smallerLink(tenant)
    return link && this.#chain([link])
  }

  names(tenant: Tenant): readonly string[] {
    const smaller = this.#smallerLink(tenant)
    const links = [...this.#links(tenant), ...(smaller ? [smaller] : [])]
    return [...new Set(links.map(({ model }) => model.name))]
  }

  named(tenant: Tenant, name: string): ChatModel | null {
    const links = this.#links(tenant)
    const first = links.find(({ model }) => model.name === name)
    if (first) return this.#chain([first, ...links.filter((link) => link !== first)])
    const smaller = this.#smallerLink(tenant)
    return smaller?.model.name === name ? this.#chain([smaller]) : null
  }

  all(tenants: readonly Tenant[]): readonly ProvidedModel[] {
    const named = tenants.flatMap(({ models, smallerModel }) => [
      ...(models ?? []),
      ...(smallerModel === null ? [] : [smallerModel]),
    ])
    const links = [...new Set(named)].flatMap((one) => this.#options.find(one) ?? [])
    return [...new Set([...this.#options.installation, ...links, ...this.#asked])].map(({ name, model }) => ({
      provider: name,
      model: model.name,
    }))
  }

  /** Names that mean nothing are refused where tenants are read; should one be left, the others answer. */
  #links({ models }: Tenant): Links {
    const [first, ...others] = (models ?? []).flatMap((name) => this.#options.find(name) ?? [])
    return withoutThoseOff(first ? [first, ...others] : this.#options.installation)
  }

  #smallerLink({ smallerModel }: Tenant): ChainProvider | null {
    return smallerModel === null ? null : this.#options.find(smallerModel)
  }

  #chain(links: Links): ChatModel {
    const key = JSON.stringify(links.map(({ name, model }) => [name, model.name]))
    const known = this.#chains.get(key)
    if (known) return known
    const chain = this.#options.chainOf(links)
    this.#chains.set(key, chain)
    for (const link of links) this.#asked.add(link)
    return chain
  }
}

/** All of them when none is left: whoever asks then is told. */
function withoutThoseOff(links: Links): Links {
  const [first, ...others] = links.filter(({ model }) => model.isOff !== true)
  return first ? [first, ...others] : links
}
