import type { Usage } from '@colloquy/chat-core/protocol'

/** What a model costs, in millionths of a US dollar for a million tokens: dollars for each token, times 10¹². */
export interface Price {
  /** Of what the model is told. */
  readonly prompt: number
  /** Of what it answers. */
  readonly completion: number
  /** The day (YYYY-MM-DD) of a price that was read somewhere; absent where the operator said it. */
  readonly asOf?: string
}

/** The prices of models, by the name that the provider knows them by. */
export class PriceList {
  readonly #prices: ReadonlyMap<string, Price>

  /** @param prices by the name of the model */
  constructor(prices: ReadonlyMap<string, Price>) {
    this.#prices = prices
  }

  /** `null`: nobody said. It is never guessed. */
  of(model: string): Price | null {
    return this.#prices.get(model) ?? null
  }

  /** Of every model that has a price. */
  get names(): readonly string[] {
    return [...this.#prices.keys()]
  }

  /** The same list with one more price, unless it has that already. */
  with(model: string, price: Price): PriceList {
    return new PriceList(new Map([[model, price], ...this.#prices]))
  }
}

/** No model of the list costs more, whatever its answer is made of; `null` when the price of one is not known. */
export function dearestOf(prices: readonly (Price | null)[]): Price | null {
  const known = prices.filter((price) => price !== null)
  if (known.length === 0 || known.length < prices.length) return null
  return {
    prompt: Math.max(...known.map(({ prompt }) => prompt)),
    completion: Math.max(...known.map(({ completion }) => completion)),
  }
}

/** Millionths of a US dollar, rounded up: a budget is never passed by rounding. */
export const costOf = (
  { prompt_tokens, completion_tokens }: Pick<Usage, 'prompt_tokens' | 'completion_tokens'>,
  { prompt, completion }: Price,
): number => Math.ceil((prompt_tokens * prompt + completion_tokens * completion) / 1_000_000)
