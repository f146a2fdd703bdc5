import type { Config } from '../config/config.js'
import { limitsWithoutRoom } from '../domain/room-for-an-answer.js'
import { tenantRules } from './tenant-rules.js'

/** Budgets that could not be kept, because a price is missing, and limits that no question fits under. One line each. */
export function budgetProblems({
  model,
  prices,
  tenant,
  settings: { budget },
}: Pick<Config, 'model' | 'prices' | 'tenant' | 'settings'>): readonly string[] {
  const { tokensPerDay, moneyPerDay, moneyPerMonth } = budget.installation
  const usual = model.kind === 'chain' ? model.providers.map((provider) => prices.of(provider.model)) : []
  const where = 'settings.budget.installation'
  return [
    ...tenantRules({ model, prices, budget })
      .modelProblems(tenant)
      .map((line) => `tenant.${line}`),
    ...limitsWithoutRoom(
      [
        { name: `${where}.tokensPerDay`, max: tokensPerDay, measure: 'tokens' },
        { name: `${where}.moneyPerDay`, max: moneyPerDay, measure: 'money' },
        { name: `${where}.moneyPerMonth`, max: moneyPerMonth, measure: 'money' },
      ],
      budget.maxAnswerTokens,
      usual,
    ),
  ]
}
