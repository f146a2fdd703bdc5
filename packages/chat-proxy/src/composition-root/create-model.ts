import type { ModelConfig, ProviderConfig } from '../config/config.js'
import type { ChatModel, Clock } from '../domain/ports/index.js'
import { ModelChain, type ChainProvider } from '../infrastructure/llm/chain/model-chain.js'
import { DemoModel } from '../infrastructure/llm/demo/demo-model.js'
import { OpenAiModel } from '../infrastructure/llm/openai-model.js'

/** The model that the configuration names: the scripted one, or providers in the order in which they are asked. */
export function createModel(config: ModelConfig, clock: Clock): ChatModel {
  if (config.kind === 'demo') return new DemoModel({ clock })
  const { providers, retryUnknown, breaker } = config
  const [first, ...others] = providers
  const link = ({ name, ...provider }: ProviderConfig): ChainProvider => ({
    name,
    model: new OpenAiModel({ provider: name, ...provider, clock }),
  })
  return new ModelChain({
    providers: [link(first), ...others.map(link)],
    clock,
    retry: { retryUnknown },
    breaker: { failures: breaker.failures, pause: breaker.pauseMs },
  })
}
