import type { ModelConfig, ProviderConfig } from '../config/config.js'
import type { ChatModel, Clock, Meter, ModelDirectory, Tracer } from '../domain/ports/index.js'
import { ChainDirectory, type Links } from '../infrastructure/llm/chain/chain-directory.js'
import { CircuitBreaker } from '../infrastructure/llm/chain/circuit-breaker.js'
import { ModelChain, type ChainProvider } from '../infrastructure/llm/chain/model-chain.js'
import { DemoModel } from '../infrastructure/llm/demo/demo-model.js'
import { OpenAiModel } from '../infrastructure/llm/openai-model.js'
import type { KillSwitches } from '../domain/kill-switch.js'
import { SwitchedModel } from '../infrastructure/llm/switched-model.js'
import { ObservedModel } from '../infrastructure/llm/observed-model.js'
import { SingleModelDirectory } from '../infrastructure/llm/single-model-directory.js'
import type { PriceList } from '../domain/prices.js'
import { findProvider } from './find-provider.js'

/** The models that the configuration names, and of them what each tenant chooses. */
export interface Models {
  readonly directory: ModelDirectory
  /** True when the built-in scripted model answers. */
  readonly isDemo: boolean
  /** Of the scripted model, which costs nothing; `null`: there is none. */
  readonly demoName: string | null
}

export interface ModelsOptions {
  readonly model: ModelConfig
  readonly clock: Clock
  readonly meter: Meter
  readonly tracer: Tracer
  readonly prices: PriceList
  /** What the operator switches off. */
  readonly switches: KillSwitches
  /** In place of all that. */
  readonly given: ChatModel | undefined
}

export function createModels(options: ModelsOptions): Models {
  const { model: config, clock, given } = options
  if (given) return singleModel(given, options)
  if (config.kind === 'demo') return singleModel(new DemoModel({ clock }), options)
  return { directory: chainDirectory(config, options), isDemo: false, demoName: null }
}

const singleModel = (model: ChatModel, options: ModelsOptions): Models => ({
  directory: new SingleModelDirectory(
    new SwitchedModel(model.name, new ObservedModel(model, options), options.switches),
  ),
  isDemo: model.isDemo,
  demoName: model.isDemo ? model.name : null,
})

function chainDirectory(config: ModelConfig & { kind: 'chain' }, options: ModelsOptions): ModelDirectory {
  const { clock, switches, meter } = options
  const breaker = { failures: config.breaker.failures, pause: config.breaker.pauseMs }
  const links = new Map<string, ChainProvider>()
  /** One for each model of a provider: whoever meets its failures, all leave it alone. */
  const link = ({ name, ...provider }: ProviderConfig): ChainProvider => {
    const key = JSON.stringify([name, provider.model])
    const known = links.get(key)
    if (known) return known
    const of = { provider: name, model: provider.model }
    const model = new ObservedModel(new OpenAiModel({ ...provider, provider: name, clock }), options)
    meter.set('breaker_open', 0, of)
    const made = {
      name,
      model: new SwitchedModel(name, model, switches),
      breaker: new CircuitBreaker(clock, breaker, (isOpen) => meter.set('breaker_open', isOpen ? 1 : 0, of)),
    }
    links.set(key, made)
    return made
  }
  const [first, ...others] = config.providers
  const installation: Links = [link(first), ...others.map(link)]
  return new ChainDirectory({
    installation,
    find: (name) => {
      const provider = findProvider(config, name)
      return provider && link(provider)
    },
    chainOf: (providers) =>
      new ModelChain({
        providers,
        clock,
        retry: { retryUnknown: config.retryUnknown },
        onRetry: (failed) => meter.add('upstream_retries', failed),
      }),
  })
}
