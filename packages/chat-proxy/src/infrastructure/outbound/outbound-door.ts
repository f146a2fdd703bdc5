import { Agent, buildConnector, request, type Dispatcher } from 'undici'
import type { Clock } from '../../domain/ports/clock.js'
import { guardedConnector, systemResolve, type Resolve } from './guarded-connector.js'
import { OutboundError } from './outbound-error.js'

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

export interface OutboundResponse {
  /** Also 3xx: redirects are not followed, because they would be somebody else's address once more. */
  readonly status: number
  readonly body: Buffer
}

export interface OutboundDoorOptions {
  readonly clock: Clock
  /** Default: as the operating system does it. */
  readonly resolve?: Resolve
}

/** The one way out to a URL that is not part of the program. */
export class OutboundDoor {
  readonly #clock: Clock
  readonly #agents: Record<OutboundRequest['reach'], Agent>

  constructor({ clock, resolve = systemResolve }: OutboundDoorOptions) {
    this.#clock = clock
    this.#agents = {
      public: new Agent({ connect: guardedConnector(resolve) }),
      anywhere: new Agent({ connect: buildConnector({ allowH2: false }) }),
    }
  }

  /** @throws OutboundError */
  async get(wanted: OutboundRequest): Promise<OutboundResponse> {
    requireWebUrl(wanted.url)
    const timeout = new AbortController()
    const disarm = this.#clock.after(wanted.timeoutMs, () => timeout.abort())
    try {
      const response = await request(wanted.url, {
        dispatcher: this.#agents[wanted.reach],
        signal: timeout.signal,
        headers: { ...wanted.headers },
      })
      return { status: response.statusCode, body: await readAtMost(response.body, wanted.maxBytes) }
    } catch (error) {
      throw timeout.signal.aborted ? new OutboundError('timeout') : toOutboundError(error)
    } finally {
      disarm()
    }
  }

  /** Gives back the sockets it holds, also those in use. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#agents).map((agent) => agent.destroy()))
  }
}

function requireWebUrl(text: string): void {
  const url = URL.parse(text)
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (!url || !isWeb || url.username !== '' || url.password !== '') throw new OutboundError('bad-address')
}

async function readAtMost(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop destroys the body and its socket.
    if (size > maxBytes) throw new OutboundError('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const toOutboundError = (error: unknown): OutboundError =>
  error instanceof OutboundError ? error : new OutboundError('unreachable', error)
