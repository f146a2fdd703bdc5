/**
 * - `bad-address`: no http or https URL, or one that carries a name and password.
 * - `forbidden-address`: it leads to an address that is not on the public internet.
 * - `unreachable`: no connection, or it broke.
 * - `timeout`: the whole answer was not there in time.
 * - `too-large`: the answer is longer than what was asked for.
 */
export type OutboundErrorCode = 'bad-address' | 'forbidden-address' | 'unreachable' | 'timeout' | 'too-large'

const MESSAGES: Record<OutboundErrorCode, string> = {
  'bad-address': 'The address is no http or https URL.',
  'forbidden-address': 'The address is not on the public internet.',
  unreachable: 'The address cannot be reached.',
  timeout: 'The answer did not come in time.',
  'too-large': 'The answer is too large.',
}

/** Why something could not be fetched. Names neither the address nor what was found there. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly code: OutboundErrorCode

  constructor(code: OutboundErrorCode, cause?: unknown) {
    super(MESSAGES[code], cause === undefined ? undefined : { cause })
    this.code = code
  }
}
