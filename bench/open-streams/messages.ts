/** What the model endpoint is told: to say a word every second from now on, or to end all its answers. */
export type Wish = 'talk' | 'end'

/** What it tells: where it listens. */
export interface Listening {
  readonly port: number
}

/** What the readers tell. */
export type Told =
  /** As many streams as could be opened are. */
  | { readonly kind: 'open'; readonly count: number; readonly refused: number }
  /** All have ended, so many with their whole answer. */
  | { readonly kind: 'ended'; readonly whole: number }
