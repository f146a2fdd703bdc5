import { isProviderName } from '../infrastructure/llm/presets.js'

/** One entry of `LLM_PROVIDER`. */
export interface ProviderEntry {
  /** Of a preset, or `demo`; not checked. */
  readonly name: string
  /** `null`: the usual one. */
  readonly model: string | null
}

/** Reads `groq, openai:gpt-6-luna`. Names of models may hold colons themselves. Empty places are left out. */
export const parseProviderList = (text: string): readonly ProviderEntry[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry) => {
      const [name = '', ...model] = entry.split(':')
      return { name: name.trim(), model: model.join(':').trim() || null }
    })

export const isKnown = ({ name }: ProviderEntry): boolean => name === 'demo' || isProviderName(name)

/** The scripted model would answer visitors in the name of the real one. */
export const isWithoutDemo = (list: readonly ProviderEntry[]): boolean =>
  list.every(({ name }) => name !== 'demo') || (list.length === 1 && list[0]?.model === null)

export const isOnce = (list: readonly ProviderEntry[]): boolean =>
  new Set(list.map(({ name, model }) => `${name}:${model}`)).size === list.length
