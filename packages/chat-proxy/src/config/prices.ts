import type { Price } from '../domain/prices.js'

/** `model=prompt/completion`, in US dollars for a million tokens. Names may hold any of `:/.-@` but no `=` and no comma. */
const ENTRY = /^([^=,\s]{1,200})=(\d{1,6}(?:\.\d{1,6})?)\/(\d{1,6}(?:\.\d{1,6})?)$/

/** Dollars for a million tokens, as millionths of a dollar for a million tokens. */
export const microdollars = (dollars: number): number => Math.round(dollars * 1_000_000)

/** `null` when an entry cannot be read or a model is named twice. */
export function parsePrices(text: string): ReadonlyMap<string, Price> | null {
  const prices = new Map<string, Price>()
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue
    const [, model, prompt, completion] = ENTRY.exec(entry) ?? []
    if (!model || !prompt || !completion || prices.has(model)) return null
    prices.set(model, {
      prompt: microdollars(Number(prompt)),
      completion: microdollars(Number(completion)),
    })
  }
  return prices
}
