/** CPU in microseconds, the rest in bytes or numbers. */
const QUANTITIES = ['proxy', 'postgres', 'wal', 'disk', 'commits', 'redis', 'commands', 'memory'] as const
export type Quantity = (typeof QUANTITIES)[number]
export type Used = Readonly<Record<Quantity, number>>

/** What one of many used. */
export interface Phase {
  readonly start: Used
  readonly message: Used
  /** To the reader, for each token. */
  readonly bytes: number
}

export const byQuantity = (valueOf: (name: Quantity) => number): Used =>
  // Every name of the list is in it.
  Object.fromEntries(QUANTITIES.map((name) => [name, valueOf(name)])) as Used
