import type { StartResponse } from '../protocol/index.js'
import type { ChatError } from '../errors/chat-error.js'
import { withinLimit, type Limits } from '../run/within-limit.js'
import type { ChatTransport } from '../transport/chat-transport.js'

/** The visitor's session: a short-lived token, renewed before it runs out. */
export interface Session {
  /**
   * A token that is good for at least another minute. Parallel calls share one request.
   * @param renew the last token was refused
   * @throws ChatError what `transport.start` throws, and `timeout`
   */
  token(renew?: boolean): Promise<string>
  /**
   * How a session begins, or with `old`, the token of the last one, goes on. Replaced by a part that knows who the visitor is.
   * @throws ChatError what `transport.start` throws
   */
  begin(old: string | null, signal: AbortSignal): Promise<StartResponse>
  /** Takes the session of an earlier page, unless there is one; with `null` ends the present one. */
  adopt(info: StartResponse | null): void
}

/** Milliseconds before its end when a token counts as used up. */
const MARGIN = 60_000

/** Milliseconds for which a token is used whatever our clock says of its end: where that is wrong, each call would begin anew. */
const TRUSTED = 300_000

export interface SessionDeps extends Limits {
  readonly transport: ChatTransport
  /** Hears what the server said last, here or to an earlier page; `null` when the session has ended. */
  readonly onChange: (info: StartResponse | null) => void
}

export function createSession(deps: SessionDeps): Session {
  const { transport, platform, onChange } = deps
  let current: StartResponse | null = null
  let pending: Promise<string> | null = null
  /** When the present session came from the server; long ago for one of an earlier page. */
  let receivedAt = -Infinity

  async function start(signal: AbortSignal): Promise<string> {
    const before = current
    const started = await session.begin(before?.token ?? null, signal)
    // Whoever it was has gone meanwhile: what waits for a token goes on as who is here now.
    if (current !== before) return start(signal)
    receivedAt = platform.now()
    onChange((current = started))
    return started.token
  }

  const session: Session = {
    begin: (old, signal) =>
      transport.start(old, signal).catch((error: ChatError) => {
        // The old token is of no use any more (another key, too old): begin as a new visitor rather than not at all.
        if (old && error.status === 401) return transport.start(null, signal)
        throw error
      }),
    adopt(info) {
      if (!info || !current) onChange((current = info))
    },
    async token(renew) {
      if (current && !renew) {
        const end = Math.max(Date.parse(current.expires_at) - MARGIN, receivedAt + TRUSTED)
        if (end > platform.now()) return current.token
      }
      return (pending ??= withinLimit(deps, start).finally(() => {
        pending = null
      }))
    },
  }
  return session
}
