import type { ModelConfig } from '../config/config.js'
import type { InstallationBudget } from '../domain/quota.js'
import type { PriceList } from '../domain/prices.js'
import type { Tenant } from '../domain/tenant.js'
import type { TenantRules } from '../infrastructure/tenants/json-tenant-format.js'
import { findProvider } from './find-provider.js'

export interface TenantRulesOptions {
  readonly model: ModelConfig
  readonly prices: PriceList
  readonly installation: InstallationBudget
}

/** A tenant may name the installation's providers, and where money is limited models whose price is known. */
export const tenantRules = ({ model, prices, installation }: TenantRulesOptions): TenantRules => ({
  modelProblems(tenant) {
    const { models, smallerModel } = tenant
    const named = [
      ...(models ?? []).map((name) => ['models', name] as const),
      ...(smallerModel === null ? [] : [['smaller_model', smallerModel] as const]),
    ]
    const found = named.map(([field, name]) => [field, findProvider(model, name)] as const)
    const unknown = found.flatMap(([field, provider]) => (provider ? [] : [`${field}: ${UNKNOWN}`]))
    if (!isMoneyLimited(tenant, installation)) return unknown
    const unpriced = found.flatMap(([field, provider]) =>
      provider && prices.of(provider.model) === null ? [`${field}: ${UNPRICED}`] : [],
    )
    const ofInstallation = models === null && model.kind === 'chain' ? model.providers : []
    const isUnpriced = ofInstallation.some((provider) => prices.of(provider.model) === null)
    return [...unknown, ...unpriced, ...(isUnpriced ? [`limits: ${UNPRICED_USUAL}`] : [])]
  },
})

const UNKNOWN = 'must name providers of LLM_PROVIDER, as provider or provider:model'
const UNPRICED = 'must have its price in PRICES, because a budget is set'
const UNPRICED_USUAL = 'a budget needs the price of every model in PRICES, and it has those of LLM_PROVIDER'

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
