import { Connection, type ConnectionKeeper, type Endpoint, type Exchange } from './connection.js'

/** The connections to one endpoint. One that is free is used again, the one that was used last before the others. */
export class ConnectionPool implements ConnectionKeeper {
  session: Buffer | undefined
  readonly #endpoint: Endpoint
  readonly #free: Connection[] = []

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  /** @returns the connection over which it is asked, as long as the exchange is under way */
  ask(request: string, exchange: Exchange): Connection {
    const connection = this.#free.pop() ?? new Connection(this.#endpoint, this)
    connection.ask(request, exchange)
    return connection
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
