/** What the model endpoint is told: to say a word every second from now on, or to end all its answers. */
export type Wish = 'talk' | 'end'

/** What the readers tell when as many streams as could be opened are. */
export interface Opened {
  readonly kind: 'open'
  readonly count: number
  readonly refused: number
}

/** What they tell when all have ended, so many with their whole answer. */
export interface Ended {
  readonly kind: 'ended'
  readonly whole: number
}
