import type { ModelConfig, ProviderConfig } from '../config/config.js'

/**
 * What `provider` or `provider:model` names among the installation's providers; `null` when it has none of that name.
 * Another model than the configured one is asked of the same endpoint with the same key.
 */
export function findProvider(config: ModelConfig, name: string): ProviderConfig | null {
  if (config.kind === 'demo') return null
  const [provider, ...rest] = name.split(':')
  const model = rest.join(':')
  const own = config.providers.filter((one) => one.name === provider)
  const [usual] = own
  if (!usual || (rest.length > 0 && model === '')) return null
  if (model === '') return usual
  return own.find((one) => one.model === model) ?? { ...usual, model }
}
