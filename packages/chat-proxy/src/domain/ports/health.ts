/** One thing outside this process that the proxy works with. */
export interface Dependency {
  readonly name: string
  /** Without it nothing can be answered. False: some things are missing, and requests are better served than refused. */
  readonly isEssential: boolean
  /** Resolves when it works. @throws anything when it does not. */
  check(): Promise<void>
}
