/** What a provider does differently from OpenAI, so far as it matters to us. */
export interface ProviderQuirks {
  /** Refuses a request that holds `stream_options`. */
  readonly omitStreamOptions?: boolean
  /** What it calls the longest answer; default `max_tokens`, which all but the newest models of OpenAI know. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens'
}

/** A provider is a row of the table below, not a class. */
export interface ProviderPreset {
  readonly baseUrl: string
  /** Environment variable its users keep the key in; `null` for a local server that asks for none. */
  readonly keyVariable: string | null
  /** `null`: the server has no name that is always right, so one must be configured. */
  readonly defaultModel: string | null
  readonly quirks: ProviderQuirks
}

export type ProviderName =
  | 'openai'
  | 'sambanova'
  | 'groq'
  | 'qwen'
  | 'openrouter'
  | 'mistral'
  | 'deepseek'
  | 'together'
  | 'ollama'
  | 'llamacpp'
  | 'vllm'

export const PRESETS: Readonly<Record<ProviderName, ProviderPreset>> = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    keyVariable: 'OPENAI_API_KEY',
    defaultModel: 'gpt-6-luna',
    quirks: { maxTokensField: 'max_completion_tokens' },
  },
  sambanova: {
    baseUrl: 'https://api.sambanova.ai/v1',
    keyVariable: 'SAMBANOVA_API_KEY',
    defaultModel: 'Meta-Llama-3.3-70B-Instruct',
    quirks: {},
  },
  groq: {
    baseUrl: 'https://api.groq.com/openai/v1',
    keyVariable: 'GROQ_API_KEY',
    defaultModel: 'openai/gpt-oss-120b',
    quirks: {},
  },
  // Singapore. Keys belong to one region, so an account of another one sets its own base URL.
  qwen: {
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    keyVariable: 'DASHSCOPE_API_KEY',
    defaultModel: 'qwen-plus',
    quirks: {},
  },
  openrouter: {
    baseUrl: 'https://openrouter.ai/api/v1',
    keyVariable: 'OPENROUTER_API_KEY',
    defaultModel: 'openrouter/auto',
    quirks: {},
  },
  // Answers 422 to any field it does not know, and sends the usage unasked.
  mistral: {
    baseUrl: 'https://api.mistral.ai/v1',
    keyVariable: 'MISTRAL_API_KEY',
    defaultModel: 'mistral-small-latest',
    quirks: { omitStreamOptions: true },
  },
  deepseek: {
    baseUrl: 'https://api.deepseek.com',
    keyVariable: 'DEEPSEEK_API_KEY',
    defaultModel: 'deepseek-flash',
    quirks: {},
  },
  together: {
    baseUrl: 'https://api.together.xyz/v1',
    keyVariable: 'TOGETHER_API_KEY',
    defaultModel: 'openai/gpt-oss-120b',
    quirks: {},
  },
  ollama: {
    baseUrl: 'http://127.0.0.1:11434/v1',
    keyVariable: null,
    defaultModel: 'llama3.2',
    quirks: {},
  },
  // Serves the one model it was started with, whatever the request calls it.
  llamacpp: {
    baseUrl: 'http://127.0.0.1:8080/v1',
    keyVariable: null,
    defaultModel: 'default',
    quirks: {},
  },
  vllm: {
    baseUrl: 'http://127.0.0.1:8000/v1',
    keyVariable: null,
    defaultModel: null,
    quirks: {},
  },
}

export const isProviderName = (name: string): name is ProviderName => Object.hasOwn(PRESETS, name)
