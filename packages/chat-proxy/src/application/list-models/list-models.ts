import type { ChatModel } from '../../domain/ports/index.js'

/** The models that can be asked for by name. Which providers stand behind them is the operator's business. */
export class ListModels {
  readonly #model: ChatModel

  constructor(deps: { readonly model: ChatModel }) {
    this.#model = deps.model
  }

  execute(): readonly string[] {
    return [this.#model.name]
  }
}
