import type { Usage } from '@colloquy/chat-core/protocol'
import type { Caller } from '../../domain/caller.js'
import type { DomainEvent } from '../../domain/domain-event.js'
import { DomainError } from '../../domain/errors.js'
import type { KillSwitches } from '../../domain/kill-switch.js'
import type { ModelMessage, ModelSink } from '../../domain/ports/index.js'
import type { RunAttempt } from '../../domain/run-attempt.js'
import type { Run } from '../../domain/run.js'
import type { Tenant } from '../../domain/tenant.js'
import { newId } from '../shared/ids.js'
import { deadline } from '../shared/pause.js'
import { reserveFor, type ReserveDeps } from '../shared/reserve.js'

export interface SideCallsDeps extends ReserveDeps {
  readonly switches: KillSwitches
}

export interface SideCall {
  readonly purpose: 'title' | 'summary'
  /** The answer that it comes after. */
  readonly run: Run
  readonly tenant: Tenant
  readonly messages: readonly ModelMessage[]
  /** Longest answer, with what a model thinks before it. */
  readonly maxTokens: number
}

interface Tally {
  content: string
  usage: Usage | null
  readonly attempts: RunAttempt[]
}

/** Nobody waits for it; a model that takes longer has other things to do. */
const LONGEST_MS = 30_000

/** Calls of the model beside the answers. They count towards tokens and money of whom they are for, and are no messages. */
export class SideCalls {
  readonly #deps: SideCallsDeps

  constructor(deps: SideCallsDeps) {
    this.#deps = deps
  }

  /** @returns null when the model gave nothing whole, was switched off, or there is nothing left to pay it with */
  async ask(call: SideCall, signal: AbortSignal): Promise<string | null> {
    const off = new AbortController()
    const unwatch = this.#deps.switches.onTenantOff(call.tenant.id, () => off.abort())
    try {
      return off.signal.aborted ? null : await this.#ask(call, AbortSignal.any([signal, off.signal]))
    } finally {
      unwatch()
    }
  }

  async #ask(call: SideCall, signal: AbortSignal): Promise<string | null> {
    const { clock, logger } = this.#deps
    const reserved = await this.#reserve(call)
    if (!reserved) return null
    const tally: Tally = { content: '', usage: null, attempts: [] }
    const limit = deadline(clock, LONGEST_MS, signal)
    const maxTokens = Math.min(call.maxTokens, reserved.maxTokens ?? Number.POSITIVE_INFINITY)
    let isWhole = false
    try {
      await reserved.model.generate({ messages: call.messages, maxTokens }, sinkTo(tally), limit.signal)
      isWhole = true
    } catch (error) {
      const { tenantId, id: runId } = call.run
      logger.warn('a call of the model beside the answers failed', { tenantId, runId, error })
    }
    limit.release()
    await reserved.settle(tally, this.#ended(call, tally, { isWhole, model: reserved.model.name }))
    const text = tally.content.trim()
    return isWhole && text !== '' ? text : null
  }

  async #reserve({ run, tenant, messages }: SideCall) {
    const caller: Caller = { tenantId: run.tenantId, subject: run.ownerId, kind: 'user', role: 'user' }
    const request = { id: newId('side'), request: { messages }, isMessage: false }
    try {
      return await reserveFor(this.#deps, caller, tenant, request)
    } catch (error) {
      if (error instanceof DomainError) return null
      throw error
    }
  }

  #ended(
    { run, purpose }: SideCall,
    { usage, attempts }: Tally,
    { isWhole, model }: { readonly isWhole: boolean; readonly model: string },
  ): DomainEvent {
    return {
      tenantId: run.tenantId,
      type: 'side-call.ended',
      subjectId: run.conversationId,
      actor: 'system',
      at: this.#deps.clock.now(),
      data: {
        purpose,
        model: attempts.at(-1)?.model ?? model,
        status: isWhole ? 'completed' : 'failed',
        totalTokens: usage?.total_tokens ?? null,
      },
    }
  }
}

const sinkTo = (tally: Tally): ModelSink => ({
  delta: (text) => {
    tally.content += text
  },
  reasoning: () => {},
  toolCall: () => {},
  finish: () => {},
  usage: (usage) => {
    tally.usage = usage
  },
  attemptUnderWay: () => {},
  attempt: (attempt) => void tally.attempts.push(attempt),
})
