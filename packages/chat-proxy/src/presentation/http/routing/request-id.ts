import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isId } from '@colloquy/chat-core/protocol'

const known = new WeakMap<IncomingMessage, string>()

/** The id under which a request is logged and answered: the caller's `X-Request-Id` where it is a clean one, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const existing = known.get(request)
  if (existing !== undefined) return existing
  const given = request.headers['x-request-id']
  const id = typeof given === 'string' && isId(given) ? given : randomUUID()
  known.set(request, id)
  return id
}
