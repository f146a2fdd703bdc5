/** What the readers tell. */
export type Told =
  /** As many streams as could be opened are. */
  | { readonly kind: 'open'; readonly count: number; readonly refused: number }
  /** All have ended, so many with their whole answer. */
  | { readonly kind: 'ended'; readonly whole: number }
