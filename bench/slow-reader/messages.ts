/** What model and proxy tell when they listen. */
export interface Listening {
  readonly port: number
}

/** What the model tells when it has said everything, of one answer. */
export interface Finished {
  readonly ms: number
}

/** What the proxy tells when it is asked for anything: what it holds once all garbage is gone, in bytes. */
export interface Held {
  readonly bytes: number
}

/** What the readers tell. Slow ones read nothing from `open` on, until they are told to go on. */
export type Told = { readonly kind: 'open' } | { readonly kind: 'ended'; readonly whole: number }
