import type { Dispatcher } from 'undici'
import type { Clock } from '../../domain/ports/clock.js'
import type { Resolve } from './guarded-connector.js'
import type { OutboundAgents } from './outbound-agents.js'
import type { OutboundRequest } from './outbound-request.js'
import { OutboundError } from './outbound-error.js'

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
  readonly #resolve: Resolve | undefined
  #agents: Promise<OutboundAgents> | null = null

  constructor({ clock, resolve }: OutboundDoorOptions) {
    this.#clock = clock
    this.#resolve = resolve
  }

  /** @throws OutboundError */
  async get(wanted: OutboundRequest): Promise<OutboundResponse> {
    requireWebUrl(wanted.url)
    const timeout = new AbortController()
    const disarm = this.#clock.after(wanted.timeoutMs, () => timeout.abort())
    try {
      const response = await (await this.#open()).get(wanted, timeout.signal)
      return { status: response.statusCode, body: await readAtMost(response.body, wanted.maxBytes) }
    } catch (error) {
      throw timeout.signal.aborted ? new OutboundError('timeout') : toOutboundError(error)
    } finally {
      disarm()
    }
  }

  /** Gives back the sockets it holds, also those in use. */
  async close(): Promise<void> {
    await (await this.#agents)?.destroy()
  }

  /** With the first request: most installations fetch nothing, and whoever waits for a start waits for all that it loads. */
  #open(): Promise<OutboundAgents> {
    this.#agents ??= import('./outbound-agents.js').then((loaded) => new loaded.OutboundAgents(this.#resolve))
    return this.#agents
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
