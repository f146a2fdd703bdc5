import type { StartResponse } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import type { Platform } from '../platform/platform.js'
import type { ChatTransport } from '../transport/chat-transport.js'

/** The visitor's session: a short-lived token, renewed before it runs out. */
export interface Session {
  /**
   * A token that is good for at least another minute. Parallel calls share one request.
   * @param renew the last token was refused
   * @throws ChatError what `transport.start` throws
   */
  token(renew?: boolean): Promise<string>
  /** Takes the session of an earlier page, unless there is one; with `null` ends the present one. */
  adopt(info: StartResponse | null): void
}

/** Milliseconds before its end when a token counts as used up. */
const MARGIN = 60_000

export interface SessionDeps {
  readonly transport: ChatTransport
  readonly platform: Platform
  readonly signal: AbortSignal
  /** Hears what the server said last, here or to an earlier page; `null` when the session has ended. */
  readonly onChange: (info: StartResponse | null) => void
}

export function createSession({ transport, platform, signal, onChange }: SessionDeps): Session {
  let current: StartResponse | null = null
  let pending: Promise<string> | null = null

  async function start(): Promise<string> {
    const old = current?.token ?? null
    const started = await transport.start(old, signal).catch((error: unknown) => {
      // The old token is of no use any more (another key, too old): begin as a new visitor rather than not at all.
      if (old !== null && error instanceof ChatError && error.status === 401)
        return transport.start(null, signal)
      throw error
    })
    set(started)
    return started.token
  }

  function set(info: StartResponse | null): void {
    current = info
    onChange(info)
  }

  return {
    adopt(info) {
      if (!info || !current) set(info)
    },
    async token(renew) {
      if (current && !renew && Date.parse(current.expires_at) - MARGIN > platform.now()) return current.token
      pending ??= start().finally(() => {
        pending = null
      })
      return pending
    },
  }
}
