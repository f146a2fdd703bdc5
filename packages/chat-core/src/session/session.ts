import type { StartResponse } from '../protocol/index.js'
import { ChatError } from '../errors/chat-error.js'
import type { ChatStorage } from '../persistence/storage.js'
import type { Platform } from '../platform/platform.js'
import type { ChatTransport } from '../transport/chat-transport.js'

/** The visitor's session: a short-lived token, kept across reloads and renewed before it runs out. */
export interface Session {
  /** What the server said last, or what was stored; `null` before the first of both. */
  info(): StartResponse | null
  /** Takes up the stored session, if there is one. */
  restore(): Promise<void>
  /**
   * A token that is good for at least another minute. Parallel calls share one request.
   * @param renew the last token was refused
   * @throws ChatError what `transport.start` throws
   */
  token(renew: boolean): Promise<string>
  forget(): void
}

const META_ID = 'session'
/** Milliseconds before its end when a token counts as used up. */
const MARGIN = 60_000

export interface SessionDeps {
  readonly transport: ChatTransport
  readonly storage: ChatStorage
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly onChange: (info: StartResponse) => void
}

export function createSession({ transport, storage, platform, signal, onChange }: SessionDeps): Session {
  let current: StartResponse | null = null
  let pending: Promise<string> | null = null

  async function start(): Promise<string> {
    const started = await startOrBegin(current?.token ?? null)
    current = started
    onChange(started)
    await storage.write([{ put: 'meta', record: { id: META_ID, value: started } }])
    return started.token
  }

  async function startOrBegin(token: string | null): Promise<StartResponse> {
    try {
      return await transport.start(token, signal)
    } catch (error) {
      // The old token is of no use any more (another key, too old): begin as a new visitor rather than not at all.
      if (token !== null && error instanceof ChatError && error.status === 401)
        return transport.start(null, signal)
      throw error
    }
  }

  return {
    info: () => current,
    async restore() {
      const stored = (await storage.get('meta', META_ID))?.value
      if (current || !isStartResponse(stored)) return
      current = stored
      onChange(stored)
    },
    async token(renew) {
      const good = current && Date.parse(current.expires_at) - MARGIN > platform.now()
      if (current && good && !renew) return current.token
      pending ??= start().finally(() => {
        pending = null
      })
      return pending
    },
    forget() {
      current = null
    },
  }
}

/** Checks what storage hands back, which an older version or another program may have written. */
function isStartResponse(value: unknown): value is StartResponse {
  if (typeof value !== 'object' || value === null) return false
  const { token, expires_at, visitor_id, features, limits } = value as Partial<StartResponse> // each field is checked
  return (
    typeof token === 'string' &&
    typeof expires_at === 'string' &&
    typeof visitor_id === 'string' &&
    typeof features === 'object' &&
    typeof limits === 'object'
  )
}
