import { Agent, buildConnector, request, type Dispatcher } from 'undici'
import { guardedConnector, systemResolve, type Resolve } from './guarded-connector.js'
import type { OutboundRequest } from './outbound-request.js'

/** The sockets behind the door: some that connect to the public internet alone, and some that connect anywhere. */
export class OutboundAgents {
  readonly #agents: Record<OutboundRequest['reach'], Agent>

  constructor(resolve: Resolve = systemResolve) {
    this.#agents = {
      public: new Agent({ connect: guardedConnector(resolve) }),
      anywhere: new Agent({ connect: buildConnector({ allowH2: false }) }),
    }
  }

  /** Resolves when the head of the answer is there. @throws what the connection died of, or `signal` */
  get({ url, reach, headers }: OutboundRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return request(url, { dispatcher: this.#agents[reach], signal, headers: { ...headers } })
  }

  /** Gives back the sockets, also those in use. */
  async destroy(): Promise<void> {
    await Promise.all(Object.values(this.#agents).map((agent) => agent.destroy()))
  }
}
