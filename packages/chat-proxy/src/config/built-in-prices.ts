import { dearestOf, type Price } from '../domain/prices.js'
import type { ModelConfig, ProviderConfig } from './config.js'
import { PRICE_TABLE, type ApiPrices, type TablePrice } from './price-table.js'
import { microdollars } from './prices.js'

/** One API that the configuration calls. */
interface CalledApi {
  /** `null`: nothing is known of it. */
  readonly table: ApiPrices | null
  /** Those that the configuration asks of it. */
  readonly models: ReadonlySet<string>
}

/**
 * What the table says of the models of the configured APIs. Records know a model by its name alone, so a name has a price only where
 * every configured API that may serve it has one: then it is the dearest.
 * @param longestPrompt in tokens; a price that holds for shorter ones only is none
 */
export function builtInPrices(
  model: ModelConfig,
  longestPrompt: number,
  tables: readonly ApiPrices[] = PRICE_TABLE,
): ReadonlyMap<string, Price> {
  const apis = model.kind === 'demo' ? [] : calledApis(model.providers, tables)
  const names = new Set(apis.flatMap(({ table }) => table?.prices.map((row) => row.model) ?? []))
  return new Map(
    [...names].flatMap((name) => {
      const price = priceOf(name, apis, longestPrompt)
      return price ? [[name, price] as const] : []
    }),
  )
}

function calledApis(
  providers: readonly ProviderConfig[],
  tables: readonly ApiPrices[],
): readonly CalledApi[] {
  const hostOf = ({ baseUrl }: ProviderConfig): string => new URL(baseUrl).host
  return [...new Set(providers.map(hostOf))].map((host) => ({
    table: tables.find((table) => table.host === host) ?? null,
    models: new Set(
      providers.filter((provider) => hostOf(provider) === host).map((provider) => provider.model),
    ),
  }))
}

function priceOf(name: string, apis: readonly CalledApi[], longestPrompt: number): Price | null {
  const isOpen = apis.some(({ table }) => table?.servesOpenModels && rowOf(table, name) !== null)
  const rows = apis
    .filter(
      ({ table, models }) =>
        models.has(name) || rowOf(table, name) !== null || (isOpen && (table?.servesOpenModels ?? true)),
    )
    .map(({ table }) => rowOf(table, name))
  const known = rows
    .filter((row) => row !== null)
    .filter(({ upTo }) => upTo === null || longestPrompt <= upTo)
  const price = known.length === rows.length ? dearestOf(known.map(fromTable)) : null
  const [oldest] = known.map(({ asOf }) => asOf).toSorted()
  return price && oldest !== undefined ? { ...price, asOf: oldest } : null
}

const rowOf = (table: ApiPrices | null, name: string): TablePrice | null =>
  table?.prices.find((row) => row.model === name) ?? null

const fromTable = ({ input, output }: TablePrice): Price => ({
  prompt: microdollars(input),
  completion: microdollars(output),
})
