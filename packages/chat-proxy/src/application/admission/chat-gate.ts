import type { Caller } from '../../domain/caller.js'
import { DomainError } from '../../domain/errors.js'
import type { KillSwitches } from '../../domain/kill-switch.js'
import type { Tenant } from '../../domain/tenant.js'
import { isInRollout } from './rollout.js'

export interface ChatGateDeps {
  readonly switches: KillSwitches
  readonly settings: { readonly isChatEnabled: boolean }
}

/** Seconds: who is told to come back sooner only asks more often. */
const RETRY_AFTER = 60

/** Whether a caller gets the chat: what is switched off, what is not open yet, and for whom. */
export class ChatGate {
  readonly #deps: ChatGateDeps

  constructor(deps: ChatGateDeps) {
    this.#deps = deps
  }

  /** Before anything is counted or stored. @throws DomainError `chat-disabled`, `not-allowed` */
  assertOpen(caller: Caller, tenant: Tenant): void {
    const refusal = this.#refusal(caller, tenant)
    if (refusal) throw refusal
  }

  isOpen(caller: Caller, tenant: Tenant): boolean {
    return this.#refusal(caller, tenant) === null
  }

  /** Admins look at what is being rolled out. What is off is off for them as well. */
  #refusal(caller: Caller, { id, flags }: Tenant): DomainError | null {
    const { switches, settings } = this.#deps
    if (!settings.isChatEnabled || !flags.chatEnabled || switches.isTenantOff(id)) return chatDisabled()
    if (caller.role === 'admin') return null
    if (flags.adminOnly || !isInRollout(flags.rolloutPercent, caller)) return notOpenYet()
    return null
  }
}

export const chatDisabled = (): DomainError =>
  new DomainError('chat-disabled', 'The chat is switched off at the moment. What was written is kept.', {
    retryAfter: RETRY_AFTER,
  })

/** No reason to try again: it stays so for this caller. */
const notOpenYet = (): DomainError => new DomainError('not-allowed', 'The chat is not open to everybody yet.')
