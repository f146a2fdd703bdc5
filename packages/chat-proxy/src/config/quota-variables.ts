import { z } from 'zod'
import { limitsOf, TIERS, type Limits } from '../domain/limits.js'
import { limitsWithoutRoom } from '../domain/room-for-an-answer.js'
import { isTimeZone } from '../domain/spans.js'
import type { BudgetSettings } from '../application/shared/budget.js'
import type { Config } from './config.js'
import { parsePrices } from './prices.js'
import { RANGES, wholeNumberRule } from './ranges.js'

const wholeNumber = (min: number, max: number) => {
  const message = wholeNumberRule([min, max])
  return z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message))
}

const dollars = () => {
  const message = 'must be an amount of US dollars such as 20 or 0.50'
  return z
    .string()
    .regex(/^\d{1,9}(\.\d{1,6})?$/, message)
    .transform((text) => Math.round(Number(text) * 1_000_000))
}

const [, MOST] = RANGES.perDay

/** `null` for off. */
const wholeNumberOrOff = (usual: number) => {
  const message = `${wholeNumberRule(RANGES.perDay)}, or off`
  return z
    .string()
    .regex(/^(off|\d{1,10})$/, message)
    .transform((text) => (text === 'off' ? null : Number(text)))
    .refine((value) => value === null || value <= MOST, message)
    .default(usual)
}

/** What may be used in a day or a month. Without a variable there is no limit, but for messages a day and all tokens a day. */
export const QUOTA_VARIABLES = {
  TIER: z
    .enum(TIERS, `must be one of ${TIERS.join(', ')}`)
    .default('free')
    .describe(
      'Sets what is not said otherwise: free has 100 messages a day for a user, pro 1,000, enterprise any.',
    ),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .default('UTC')
    .describe('Days and months of limits begin at midnight there.'),
  MESSAGES_PER_DAY: wholeNumber(0, MOST).optional().describe('Messages a user may send in a day.'),
  TOKENS_PER_DAY_USER: wholeNumber(0, MOST)
    .optional()
    .describe('Tokens a user may use in a day, questions and answers.'),
  TOKENS_PER_DAY: wholeNumber(0, MOST).optional().describe('Tokens all users together may use in a day.'),
  TOKENS_PER_DAY_INSTALLATION: wholeNumberOrOff(10_000_000).describe(
    'Tokens that all answers of the installation may use in a day (UTC), of all tenants together: it bounds the bill of whoever sets no budget. off: without limit.',
  ),
  BUDGET_USD_PER_DAY_USER: dollars()
    .optional()
    .describe('US dollars that the answers for one user may cost in a day.'),
  BUDGET_USD_PER_MONTH_USER: dollars()
    .optional()
    .describe('US dollars that the answers for one user may cost in a month.'),
  BUDGET_USD_PER_DAY: dollars()
    .optional()
    .describe(
      'US dollars that all answers of the installation may cost in a day (UTC). Needs the price of every model.',
    ),
  BUDGET_USD_PER_MONTH: dollars()
    .optional()
    .describe('US dollars that all answers of the installation may cost in a month (UTC).'),
  LIMIT_ADMINS: z
    .enum(['true', 'false'], 'must be true or false')
    .default('false')
    .transform((text) => text === 'true')
    .describe('true holds admins to the limits of everybody.'),
  MAX_ANSWER_TOKENS: wholeNumber(...RANGES.maxAnswerTokens)
    .default(4_096)
    .describe(
      'Longest answer in tokens, asked for where tokens or money are limited: so much is set aside before the model is called.',
    ),
  PRICES: z
    .string()
    .default('')
    .transform((text, context) => {
      const prices = parsePrices(text)
      if (prices) return prices
      context.addIssue({
        code: 'custom',
        message:
          'must be like model=0.15/0.60,other=1/3: US dollars for a million tokens of question and of answer',
      })
      return z.NEVER
    })
    .describe(
      'What models cost, in US dollars for a million tokens of question and of answer: some-model=0.15/0.60,another-one=1/3. What is said here goes before the built-in table. A model that neither names has its tokens counted and no cost.',
    ),
  BUILT_IN_PRICES: z
    .enum(['true', 'false'], 'must be true or false')
    .default('true')
    .transform((text) => text === 'true')
    .describe(
      'false leaves out the built-in table of prices, which has a date at each: providers change theirs.',
    ),
} as const

const quotaSchema = z.object(QUOTA_VARIABLES)

type QuotaEnvironment = z.output<typeof quotaSchema>

/** The quotas of the one tenant that the environment describes. */
export const quotasFrom = (
  env: QuotaEnvironment,
): Pick<Limits, 'messagesPerDay' | 'tokensPerDay' | 'moneyPerDay' | 'moneyPerMonth'> => ({
  messagesPerDay: { user: env.MESSAGES_PER_DAY ?? limitsOf(env.TIER).messagesPerDay.user },
  tokensPerDay: { user: env.TOKENS_PER_DAY_USER ?? null, tenant: env.TOKENS_PER_DAY ?? null },
  moneyPerDay: { user: env.BUDGET_USD_PER_DAY_USER ?? null, tenant: null },
  moneyPerMonth: { user: env.BUDGET_USD_PER_MONTH_USER ?? null, tenant: null },
})

export const budgetFrom = (env: QuotaEnvironment): BudgetSettings => ({
  installation: {
    tokensPerDay: env.TOKENS_PER_DAY_INSTALLATION,
    moneyPerDay: env.BUDGET_USD_PER_DAY ?? null,
    moneyPerMonth: env.BUDGET_USD_PER_MONTH ?? null,
  },
  limitAdmins: env.LIMIT_ADMINS,
  maxAnswerTokens: env.MAX_ANSWER_TOKENS,
})

const TOKEN_LIMITS = ['TOKENS_PER_DAY_USER', 'TOKENS_PER_DAY', 'TOKENS_PER_DAY_INSTALLATION'] as const
const BUDGETS = [
  'BUDGET_USD_PER_DAY_USER',
  'BUDGET_USD_PER_MONTH_USER',
  'BUDGET_USD_PER_DAY',
  'BUDGET_USD_PER_MONTH',
] as const

/** Limits that nobody could ever ask a question under. @returns the problems */
export function limitsThatStopAll(
  env: QuotaEnvironment,
  { model, prices }: Pick<Config, 'model' | 'prices'>,
): readonly string[] {
  const limits = [
    ...TOKEN_LIMITS.map((name) => ({ name, max: env[name] ?? null, measure: 'tokens' as const })),
    ...BUDGETS.map((name) => ({ name, max: env[name] ?? null, measure: 'money' as const })),
  ]
  const usual = model.kind === 'demo' ? [] : model.providers.map((provider) => prices.of(provider.model))
  return limitsWithoutRoom(limits, env.MAX_ANSWER_TOKENS, usual)
}

/** Money that cannot be counted cannot be limited. @returns the problem, if there is one */
export function unpricedModels(
  env: QuotaEnvironment,
  { model, prices }: Pick<Config, 'model' | 'prices'>,
): readonly string[] {
  const isLimited = Object.entries(env).some(
    ([name, value]) => name.startsWith('BUDGET_USD') && value !== undefined,
  )
  if (!isLimited || model.kind === 'demo') return []
  const names = model.providers.map((provider) => provider.model).filter((name) => prices.of(name) === null)
  return names.length === 0
    ? []
    : [`PRICES: a budget needs the price of every model; missing: ${names.join(', ')}`]
}
