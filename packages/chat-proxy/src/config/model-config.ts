import { isProviderName, PRESETS, type ProviderPreset } from '../infrastructure/llm/presets.js'
import type { ModelConfig } from './config.js'

/** The model's variables, each checked by itself. */
export interface ModelVariables {
  readonly LLM_PROVIDER?: string | undefined
  readonly LLM_BASE_URL?: string | undefined
  readonly LLM_API_KEY?: string | undefined
  readonly LLM_MODEL?: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** A setting, or what is wrong with it. */
type Resolved<T> = { readonly value: T } | { readonly problem: string }

/** What the variables mean together. @returns the model, or one line per problem */
export function modelConfigOf(
  variables: ModelVariables,
  env: Environment,
): { readonly config: ModelConfig } | { readonly problems: readonly string[] } {
  const { LLM_PROVIDER: provider, LLM_BASE_URL: baseUrl, LLM_API_KEY: apiKey, LLM_MODEL: model } = variables
  if (provider === 'demo') return { config: { kind: 'demo' } }
  if (provider !== undefined && isProviderName(provider)) {
    return presetConfig({ name: provider, preset: PRESETS[provider] }, variables, env)
  }
  if (baseUrl !== undefined) {
    if (model === undefined) return { problems: ['LLM_MODEL: must name the model to use at LLM_BASE_URL'] }
    return { config: { kind: 'openai', baseUrl, apiKey: apiKey ?? null, model, quirks: {} } }
  }
  if (apiKey === undefined && model === undefined) return { config: { kind: 'demo' } }
  const given = apiKey === undefined ? 'LLM_MODEL' : 'LLM_API_KEY'
  const accepted = ['demo', ...Object.keys(PRESETS)].join(', ')
  return {
    problems: [
      `LLM_PROVIDER: must say whom ${given} is for (one of ${accepted}); or set LLM_BASE_URL instead`,
    ],
  }
}

function presetConfig(
  { name, preset }: { name: string; preset: ProviderPreset },
  variables: ModelVariables,
  env: Environment,
): { readonly config: ModelConfig } | { readonly problems: readonly string[] } {
  const apiKey = keyFor(name, preset, variables, env)
  const model = modelFor(name, preset, variables)
  if ('problem' in apiKey || 'problem' in model) {
    return { problems: [apiKey, model].flatMap((one) => ('problem' in one ? [one.problem] : [])) }
  }
  const baseUrl = variables.LLM_BASE_URL ?? preset.baseUrl
  return {
    config: { kind: 'openai', baseUrl, apiKey: apiKey.value, model: model.value, quirks: preset.quirks },
  }
}

function keyFor(
  name: string,
  { keyVariable }: ProviderPreset,
  variables: ModelVariables,
  env: Environment,
): Resolved<string | null> {
  if (variables.LLM_API_KEY !== undefined) return { value: variables.LLM_API_KEY }
  if (keyVariable === null) return { value: null }
  const own = env[keyVariable]
  if (own === undefined)
    return { problem: `LLM_API_KEY: ${name} needs a key; set LLM_API_KEY or ${keyVariable}` }
  if (/^[\x21-\x7e]+$/.test(own)) return { value: own }
  return { problem: `${keyVariable}: must be visible ASCII characters without spaces or quotes around them` }
}

const modelFor = (
  name: string,
  { defaultModel }: ProviderPreset,
  variables: ModelVariables,
): Resolved<string> => {
  const value = variables.LLM_MODEL ?? defaultModel
  return value === null
    ? { problem: `LLM_MODEL: must be set, because ${name} has no usual model` }
    : { value }
}
