import type { BudgetSettings } from '../application/shared/budget.js'
import type { ModelConfig, ProviderConfig } from '../config/config.js'
import type { InstallationBudget } from '../domain/quota.js'
import type { PriceList } from '../domain/prices.js'
import { limitsWithoutRoom, type NamedLimit } from '../domain/room-for-an-answer.js'
import type { Tenant } from '../domain/tenant.js'
import type { TenantRules } from '../infrastructure/tenants/json-tenant-format.js'
import { findProvider } from './find-provider.js'

export interface TenantRulesOptions {
  readonly model: ModelConfig
  readonly prices: PriceList
  readonly budget: Pick<BudgetSettings, 'installation' | 'maxAnswerTokens'>
}

/**
 * A tenant may name the installation's providers; where money is limited, models whose price is known; and limits of which each has
 * room for an answer.
 */
export const tenantRules = (options: TenantRulesOptions): TenantRules => ({
  modelProblems: (tenant) => [
    ...unknownModels(tenant, options),
    ...(isMoneyLimited(tenant, options.budget.installation) ? unpricedModels(tenant, options) : []),
    ...limitsTooSmall(tenant, options),
  ],
})

const UNKNOWN = 'must name providers of LLM_PROVIDER, as provider or provider:model'
const UNPRICED = 'must have its price in PRICES, because a budget is set'
const UNPRICED_USUAL = 'a budget needs the price of every model in PRICES, and it has those of LLM_PROVIDER'

/** Each name with the field that it stands in. */
const namedBy = ({ models, smallerModel }: Tenant) => [
  ...(models ?? []).map((name) => ['models', name] as const),
  ...(smallerModel === null ? [] : [['smaller_model', smallerModel] as const]),
]

const unknownModels = (tenant: Tenant, { model }: TenantRulesOptions): readonly string[] =>
  namedBy(tenant).flatMap(([field, name]) => (findProvider(model, name) ? [] : [`${field}: ${UNKNOWN}`]))

function unpricedModels(tenant: Tenant, { model, prices }: TenantRulesOptions): readonly string[] {
  const isUnpriced = (provider: ProviderConfig | null) => provider && prices.of(provider.model) === null
  const unpriced = namedBy(tenant).flatMap(([field, name]) =>
    isUnpriced(findProvider(model, name)) ? [`${field}: ${UNPRICED}`] : [],
  )
  const isUsual = tenant.models === null && providersOf(model).some(isUnpriced)
  return isUsual ? [...unpriced, `limits: ${UNPRICED_USUAL}`] : unpriced
}

/** With the usual models, and with the smaller one as well where there is one. */
function limitsTooSmall(tenant: Tenant, { model, prices, budget }: TenantRulesOptions): readonly string[] {
  const named = (names: readonly string[]) => names.flatMap((name) => findProvider(model, name) ?? [])
  const usual = tenant.models === null ? providersOf(model) : named(tenant.models)
  const problemsWith = (providers: readonly ProviderConfig[]) =>
    limitsWithoutRoom(
      limitsOf(tenant),
      budget.maxAnswerTokens,
      providers.map((provider) => prices.of(provider.model)),
    )
  const problems = problemsWith(usual)
  if (tenant.smallerModel === null) return problems
  const left = problemsWith(named([tenant.smallerModel]))
  return problems.filter((problem) => left.includes(problem))
}

const limitsOf = ({ limits: { tokensPerDay, moneyPerDay, moneyPerMonth } }: Tenant): readonly NamedLimit[] =>
  (['user', 'tenant'] as const).flatMap((scope) => [
    { name: `limits.tokens_per_day.${scope}`, max: tokensPerDay[scope], measure: 'tokens' as const },
    { name: `limits.budget_usd_per_day.${scope}`, max: moneyPerDay[scope], measure: 'money' as const },
    { name: `limits.budget_usd_per_month.${scope}`, max: moneyPerMonth[scope], measure: 'money' as const },
  ])

const providersOf = (model: ModelConfig): readonly ProviderConfig[] =>
  model.kind === 'chain' ? model.providers : []

const isMoneyLimited = (
  { limits: { moneyPerDay, moneyPerMonth } }: Tenant,
  installation: InstallationBudget,
): boolean =>
  [
    ...Object.values(moneyPerDay),
    ...Object.values(moneyPerMonth),
    installation.moneyPerDay,
    installation.moneyPerMonth,
  ].some((limit) => limit !== null)
