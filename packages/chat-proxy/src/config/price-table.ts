/** What one model cost on one day, in US dollars for a million tokens. */
export interface TablePrice {
  /** Exactly as the API knows it: no version, alias or family of it is meant. */
  readonly model: string
  readonly input: number
  /** For what the provider had in its cache; `null`: no price of its own was found. */
  readonly cachedInput: number | null
  readonly output: number
  /** Tokens of a prompt up to which that is the price; `null`: of any. */
  readonly upTo: number | null
  /** The day, as YYYY-MM-DD, on which the source read the provider's page, or from which the price holds. */
  readonly asOf: string
  /** Where it was read. */
  readonly source: string
}

/** The prices of one API. The same model costs something else at another one. */
export interface ApiPrices {
  readonly name: string
  /** The host that is called. */
  readonly host: string
  /** It serves models that others serve under the same name. */
  readonly servesOpenModels: boolean
  readonly prices: readonly TablePrice[]
}

type Row = [
  model: string,
  input: number,
  cachedInput: number | null,
  output: number,
  asOf: string,
  source: string,
  upTo?: number,
]

const rows = (...list: readonly Row[]): readonly TablePrice[] =>
  list.map(([model, input, cachedInput, output, asOf, source, upTo = null]) => ({
    model,
    input,
    cachedInput,
    output,
    upTo,
    asOf,
    source,
  }))

const OPENAI_LONG = 272_000
const MODELS_DEV = 'github.com/anomalyco/models.dev'
const SAMBANOVA_PAGE = 'cloud.sambanova.ai/plans/pricing, by github.com/api-evangelist/sambanova-systems'
const DEEPSEEK_PAGE =
  'api-docs.deepseek.com/quick_start/pricing, in peak hours, by github.com/benderandrew069/deepseek-api-pricing-2026'
const OPENAI_MARCH =
  'OpenAI pricing of March 2026, by docs.rs/crate/adk-model and deploybase.ai/articles/openai-pricing'
const OPENAI_MAY = 'openai.com/api/pricing, by github.com/CommitBrief/commitbrief/wiki/Provider-OpenAI'
const OPENAI_JULY =
  'docs.laozhang.ai/announcements/gpt-5-6-pricing-2026-07, github.com/TheKrush/PromptFuel v1.0.19'
const OPENAI_SEPTEMBER = 'docs.litellm.ai/blog/gpt_6_sol_luna, github.com/merefield/codexometer v0.18.4'

/**
 * Prices that stood in public when this version was made. Providers change theirs without asking: what an operator says in PRICES goes
 * before, and a model that is not here has no price. Left out is what changes with the length of an everyday prompt, is a special offer,
 * or belongs to a name that stands for another model from time to time.
 */
export const PRICE_TABLE: readonly ApiPrices[] = [
  {
    name: 'OpenAI',
    host: 'api.openai.com',
    servesOpenModels: false,
    prices: rows(
      ['gpt-6-astra', 10, 1, 50, '2026-09-03', `developers.openai.com, by ${MODELS_DEV}`, OPENAI_LONG],
      ['gpt-6-sol', 2, 0.2, 10, '2026-09-22', OPENAI_SEPTEMBER, OPENAI_LONG],
      ['gpt-6-luna', 0.1, 0.01, 0.5, '2026-09-22', OPENAI_SEPTEMBER, OPENAI_LONG],
      ['gpt-5.6-terra', 2, 0.2, 12, '2026-07-30', OPENAI_JULY, OPENAI_LONG],
      ['gpt-5.6-luna', 0.2, 0.02, 1.2, '2026-07-30', OPENAI_JULY, OPENAI_LONG],
      ['gpt-5.4', 2.5, 0.25, 15, '2026-03-05', MODELS_DEV, OPENAI_LONG],
      ['gpt-5-mini', 0.25, 0.025, 2, '2026-03-01', `${OPENAI_MARCH}, ${MODELS_DEV}`],
      ['gpt-4.1', 2, 0.5, 8, '2026-03-01', OPENAI_MARCH],
      ['gpt-4.1-mini', 0.4, 0.1, 1.6, '2026-03-01', OPENAI_MARCH],
      ['gpt-4o', 2.5, 1.25, 10, '2026-05-27', OPENAI_MAY],
      ['gpt-4o-mini', 0.15, 0.075, 0.6, '2026-05-27', OPENAI_MAY],
    ),
  },
  {
    name: 'Groq',
    host: 'api.groq.com',
    servesOpenModels: true,
    prices: rows(
      [
        'openai/gpt-oss-120b',
        0.15,
        0.075,
        0.6,
        '2026-06-04',
        `groq.com/pricing, by tokenmix.ai and ${MODELS_DEV}`,
      ],
      ['openai/gpt-oss-20b', 0.075, 0.0375, 0.3, '2026-05-27', MODELS_DEV],
      ['qwen/qwen3.8-27b', 0.8, 0.4, 4, '2026-08-29', `groq.com/pricing, by ${MODELS_DEV}`],
    ),
  },
  {
    name: 'SambaNova',
    host: 'api.sambanova.ai',
    servesOpenModels: true,
    prices: rows(
      ['Meta-Llama-3.3-70B-Instruct', 0.6, null, 1.2, '2026-10-07', SAMBANOVA_PAGE],
      ['gpt-oss-120b', 0.22, null, 0.59, '2026-10-07', SAMBANOVA_PAGE],
      ['gemma-4-31B-it', 0.38, null, 1.15, '2026-10-07', SAMBANOVA_PAGE],
      ['DeepSeek-V3.1', 3, null, 4.5, '2026-10-07', SAMBANOVA_PAGE],
      ['DeepSeek-V3.2', 3, null, 4.5, '2026-10-07', SAMBANOVA_PAGE],
      ['MiniMax-M3', 0.6, 0.06, 2.4, '2026-10-07', SAMBANOVA_PAGE],
    ),
  },
  {
    name: 'Qwen (Singapore)',
    host: 'dashscope-intl.aliyuncs.com',
    servesOpenModels: true,
    prices: rows([
      'qwen3.8-flash',
      0.15,
      0.016,
      0.47,
      '2026-08-28',
      `alibabacloud.com/help/en/model-studio/qwen3-8-flash, by ${MODELS_DEV}`,
    ]),
  },
  {
    name: 'DeepSeek',
    host: 'api.deepseek.com',
    servesOpenModels: false,
    // Of peak hours; outside of them it is half.
    prices: rows(
      ['deepseek-flash', 0.3, 0.006, 1.2, '2026-10-27', DEEPSEEK_PAGE],
      ['deepseek-v4-pro', 1.32, 0.044, 3.96, '2026-10-27', DEEPSEEK_PAGE],
    ),
  },
  {
    name: 'Mistral',
    host: 'api.mistral.ai',
    servesOpenModels: true,
    prices: rows(
      ['mistral-medium-3-5', 1.5, null, 7.5, '2026-08-27', `docs.mistral.ai/models, by ${MODELS_DEV}`],
      ['mistral-large-2512', 0.5, null, 1.5, '2025-12-02', MODELS_DEV],
    ),
  },
  {
    name: 'Moonshot',
    host: 'api.moonshot.ai',
    servesOpenModels: false,
    prices: rows(
      ['kimi-k3', 3, 0.3, 15, '2026-07-17', `platform.kimi.ai/docs/pricing/chat-k3, by ${MODELS_DEV}`],
      ['kimi-k2.6', 0.95, 0.16, 4, '2026-04-21', MODELS_DEV],
    ),
  },
]
