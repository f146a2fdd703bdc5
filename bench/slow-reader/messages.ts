/** What the model tells when it has said everything, of one answer. */
export interface Finished {
  readonly ms: number
}

/** What the proxy tells when it is asked for anything: what it holds once all garbage is gone, in bytes. */
export interface Held {
  readonly bytes: number
}

/** What the readers tell when all have ended, so many with their whole answer. Slow ones read nothing until they are told to go on. */
export interface Ended {
  readonly kind: 'ended'
  readonly whole: number
}
