import type { RunErrorCode } from '@colloquy/chat-core/protocol'
import { DomainError, type DomainErrorCode } from '../../domain/errors.js'
import type { Message } from '../../domain/message.js'

const CODES: Record<RunErrorCode, DomainErrorCode> = {
  upstream_unavailable: 'model-unavailable',
  upstream_timeout_connect: 'model-unavailable',
  upstream_timeout_first_token: 'model-timeout',
  upstream_timeout_between_tokens: 'model-timeout',
  upstream_rejected: 'model-refused',
  upstream_broken: 'model-broken',
  interrupted: 'shutting-down',
  overloaded: 'overloaded',
  chat_disabled: 'chat-disabled',
  policy: 'against-policy',
  internal: 'store-unavailable',
}

/** Also of codes that another version of the proxy has written. */
const codeOf = new Map<string, DomainErrorCode>(Object.entries(CODES))

/** What keeps an answer from being one, as a failure of the call that waited for it; `null` when it can be given. */
export function failureOfAnswer({ status, error }: Message): DomainError | null {
  if (error) {
    const { code, message, retry_after: retryAfter } = error
    const known = codeOf.get(code) ?? 'model-broken'
    return new DomainError(known, message, retryAfter === undefined ? {} : { retryAfter })
  }
  return status === 'blocked' ? new DomainError('against-policy', 'The message was blocked by a rule.') : null
}
