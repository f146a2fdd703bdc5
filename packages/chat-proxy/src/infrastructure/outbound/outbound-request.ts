export interface OutboundRequest {
  readonly url: string
  /**
   * `public`: for addresses that somebody else named; anything but the public internet is refused when the connection is
   * made. `anywhere`: for addresses from the operator's own configuration.
   */
  readonly reach: 'public' | 'anywhere'
  /** For all of it, from the lookup of the name to the last byte. */
  readonly timeoutMs: number
  /** Longest body, in bytes. */
  readonly maxBytes: number
  readonly headers?: Readonly<Record<string, string>>
}
