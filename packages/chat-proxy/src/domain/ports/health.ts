/** One thing the proxy cannot work without. */
export interface Dependency {
  readonly name: string
  /** Resolves when it works. @throws anything when it does not. */
  check(): Promise<void>
}
