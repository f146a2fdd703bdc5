import {
  isProviderName,
  PRESETS,
  type ProviderName,
  type ProviderPreset,
} from '../infrastructure/llm/presets.js'
import type { ModelConfig, ProviderConfig } from './config.js'
import type { ProviderEntry } from './provider-list.js'

/** The model's variables, each checked by itself. */
export interface ModelVariables {
  readonly LLM_PROVIDER?: readonly ProviderEntry[] | undefined
  readonly LLM_BASE_URL?: string | undefined
  readonly LLM_API_KEY?: string | undefined
  readonly LLM_MODEL?: string | undefined
  readonly LLM_RETRY_UNKNOWN: boolean
  readonly LLM_BREAKER_FAILURES: number
  readonly LLM_BREAKER_SECONDS: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** A setting, or what is wrong with it. */
type Resolved<T> = { readonly value: T } | { readonly problem: string }

type Result<T> = { readonly config: T } | { readonly problems: readonly string[] }

/** One provider of the list, with what is meant for it alone. */
interface Named {
  readonly name: ProviderName
  readonly preset: ProviderPreset
  readonly isFirst: boolean
  /** Of the list. */
  readonly model: string | null
}

/** What the variables mean together. @returns the model, or one line per problem */
export function modelConfigOf(variables: ModelVariables, env: Environment): Result<ModelConfig> {
  const { LLM_PROVIDER: list = [], LLM_BASE_URL: baseUrl, LLM_API_KEY: apiKey, LLM_MODEL: model } = variables
  if (list[0]?.name === 'demo') return { config: { kind: 'demo' } }
  if (list.length > 0) return chainOf(list, variables, env)
  if (baseUrl !== undefined) return endpointOf(baseUrl, variables)
  if (apiKey === undefined && model === undefined) return { config: { kind: 'demo' } }
  const given = apiKey === undefined ? 'LLM_MODEL' : 'LLM_API_KEY'
  const accepted = ['demo', ...Object.keys(PRESETS)].join(', ')
  return {
    problems: [
      `LLM_PROVIDER: must say whom ${given} is for (one of ${accepted}); or set LLM_BASE_URL instead`,
    ],
  }
}

const chainConfig = (
  providers: readonly [ProviderConfig, ...ProviderConfig[]],
  variables: ModelVariables,
): ModelConfig => ({
  kind: 'chain',
  providers,
  retryUnknown: variables.LLM_RETRY_UNKNOWN,
  breaker: {
    failures: variables.LLM_BREAKER_FAILURES,
    pauseMs: variables.LLM_BREAKER_SECONDS * 1_000,
  },
})

/** An address without a name. */
function endpointOf(baseUrl: string, variables: ModelVariables): Result<ModelConfig> {
  const { LLM_API_KEY: apiKey = null, LLM_MODEL: model } = variables
  if (model === undefined) return { problems: ['LLM_MODEL: must name the model to use at LLM_BASE_URL'] }
  return { config: chainConfig([{ name: 'custom', baseUrl, apiKey, model, quirks: {} }], variables) }
}

function chainOf(
  list: readonly ProviderEntry[],
  variables: ModelVariables,
  env: Environment,
): Result<ModelConfig> {
  const results = list.flatMap(({ name, model }, place) =>
    isProviderName(name)
      ? [providerOf({ name, preset: PRESETS[name], isFirst: place === 0, model }, variables, env)]
      : [],
  )
  const problems = results.flatMap((result) => ('problems' in result ? result.problems : []))
  const [first, ...others] = results.flatMap((result) => ('config' in result ? [result.config] : []))
  return problems.length > 0 || !first ? { problems } : { config: chainConfig([first, ...others], variables) }
}

function providerOf(named: Named, variables: ModelVariables, env: Environment): Result<ProviderConfig> {
  const { name, preset, isFirst } = named
  const apiKey = keyFor(named, variables, env)
  const model = modelFor(named, variables)
  if ('problem' in apiKey || 'problem' in model) {
    return { problems: [apiKey, model].flatMap((one) => ('problem' in one ? [one.problem] : [])) }
  }
  const baseUrl = (isFirst ? variables.LLM_BASE_URL : undefined) ?? preset.baseUrl
  return { config: { name, baseUrl, apiKey: apiKey.value, model: model.value, quirks: preset.quirks } }
}

function keyFor(
  { name, preset: { keyVariable }, isFirst }: Named,
  variables: ModelVariables,
  env: Environment,
): Resolved<string | null> {
  if (isFirst && variables.LLM_API_KEY !== undefined) return { value: variables.LLM_API_KEY }
  if (keyVariable === null) return { value: null }
  const own = env[keyVariable]
  if (own === undefined && isFirst)
    return { problem: `LLM_API_KEY: ${name} needs a key; set LLM_API_KEY or ${keyVariable}` }
  if (own === undefined)
    return { problem: `${keyVariable}: must be set, because LLM_PROVIDER names ${name} after the first` }
  if (/^[\x21-\x7e]+$/.test(own)) return { value: own }
  return { problem: `${keyVariable}: must be visible ASCII characters without spaces or quotes around them` }
}

function modelFor({ name, preset, isFirst, model }: Named, variables: ModelVariables): Resolved<string> {
  const own = isFirst ? variables.LLM_MODEL : undefined
  if (own !== undefined && model !== null)
    return {
      problem: 'LLM_MODEL: must be left out, because LLM_PROVIDER names the model of its first provider',
    }
  const value = own ?? model ?? preset.defaultModel
  if (value !== null) return { value }
  return isFirst
    ? { problem: `LLM_MODEL: must be set, because ${name} has no usual model` }
    : { problem: `LLM_PROVIDER: must name a model of ${name} after a colon, because it has no usual one` }
}
