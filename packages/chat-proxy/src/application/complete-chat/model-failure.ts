import { DomainError } from '../../domain/errors.js'
import { chatDisabled } from '../admission/chat-gate.js'
import { ModelError } from '../../domain/model-error.js'
import { TIMEOUT_TEXTS } from '../shared/timeout-texts.js'

/** Seconds after which a provider that gave no time may be there again. */
const RETRY_AFTER = 5

/** Statuses by which a provider speaks of the operator's account, not of the request. */
const ACCOUNT_STATUSES: ReadonlySet<number | undefined> = new Set([401, 402, 403])

/** A failure of the model in terms of the caller. The provider's own words stay with the operator. */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof ModelError)) return error
  switch (error.code) {
    case 'unavailable':
      return unavailable(error)
    case 'timeout-connect':
      return unavailable(error, TIMEOUT_TEXTS[error.code])
    case 'timeout-first-token':
    case 'timeout-between-tokens':
      return new DomainError('model-timeout', TIMEOUT_TEXTS[error.code], { cause: error })
    case 'rejected':
      return ACCOUNT_STATUSES.has(error.status) ? unavailable(error) : refused(error)
    case 'switched-off':
      return chatDisabled()
    case 'broken':
    case 'aborted':
      return new DomainError('model-broken', 'The answer broke off before it was complete. Try again.', {
        cause: error,
      })
  }
}

const unavailable = (
  error: ModelError,
  text = 'The model cannot be reached right now. Try again.',
): DomainError =>
  new DomainError('model-unavailable', text, {
    retryAfter: error.retryAfter === undefined ? RETRY_AFTER : Math.ceil(error.retryAfter / 1000),
    cause: error,
  })

const refused = (error: ModelError): DomainError =>
  new DomainError(
    'model-refused',
    'The model refused the request. Its parameters, tools or messages do not suit this model, or there is too much text.',
    { cause: error },
  )
