import { Connection, type ConnectionKeeper, type Endpoint, type Exchange } from './connection.js'

/** The connections to one endpoint. One that is free is used again, the one that was used last before the others. */
export class ConnectionPool implements ConnectionKeeper {
  session: Buffer | undefined
  readonly #endpoint: Endpoint
  readonly #free: Connection[] = []

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  /** @returns the way to end the exchange in its middle, with its connection; afterwards it does nothing */
  ask(request: string, exchange: Exchange): (reason: Error) => void {
    const connection = this.#free.pop() ?? new Connection(this.#endpoint, this)
    connection.ask(request, exchange)
    return (reason) => connection.abort(exchange, reason)
  }

  onFree(connection: Connection, keepMs: number): void {
    this.#free.push(connection)
    connection.rest(keepMs)
  }

  onGone(connection: Connection): void {
    const index = this.#free.indexOf(connection)
    if (index >= 0) this.#free.splice(index, 1)
  }
}
