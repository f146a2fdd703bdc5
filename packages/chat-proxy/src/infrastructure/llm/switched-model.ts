import type { KillSwitches } from '../../domain/kill-switch.js'
import { ModelError } from '../../domain/model-error.js'
import type { ChatModel, ModelRequest, ModelSink } from '../../domain/ports/chat-model.js'

/** A model of a provider that the operator can switch off, also in the middle of an answer. */
export class SwitchedModel implements ChatModel {
  readonly name: string
  readonly isDemo: boolean
  readonly #provider: string
  readonly #model: ChatModel
  readonly #switches: KillSwitches

  constructor(provider: string, model: ChatModel, switches: KillSwitches) {
    this.name = model.name
    this.isDemo = model.isDemo
    this.#provider = provider
    this.#model = model
    this.#switches = switches
  }

  get candidates(): readonly string[] {
    return this.#model.candidates ?? [this.name]
  }

  get isOff(): boolean {
    return this.#switches.isModelOff(this.#provider, this.name)
  }

  /** @throws ModelError also `switched-off`, with the upstream socket closed */
  async generate(request: ModelRequest, sink: ModelSink, signal: AbortSignal): Promise<void> {
    if (this.isOff) throw switchedOff()
    const call = new AbortController()
    const end = (): void => call.abort()
    let isSwitchedOff = false
    const unsubscribe = this.#switches.onChange(() => {
      if (!this.isOff || call.signal.aborted) return
      isSwitchedOff = true
      end()
    })
    if (signal.aborted) end()
    // Not a signal made of two: it is an open call's for as long as that lasts, and such a signal is large and slow to ask.
    signal.addEventListener('abort', end, { once: true })
    try {
      await this.#model.generate(request, sink, call.signal)
    } catch (error) {
      throw isSwitchedOff ? switchedOff() : error
    } finally {
      signal.removeEventListener('abort', end)
      unsubscribe()
    }
  }
}

const switchedOff = (): ModelError => new ModelError('switched-off', 'The operator switched this model off.')
