import type { ChatModel } from '../../domain/ports/chat-model.js'
import type { ModelDirectory, ProvidedModel } from '../../domain/ports/model-directory.js'

/** One model for everybody. */
export class SingleModelDirectory implements ModelDirectory {
  readonly #model: ChatModel

  constructor(model: ChatModel) {
    this.#model = model
  }

  usual(): ChatModel {
    return this.#model
  }

  smaller(): null {
    return null
  }

  names(): readonly string[] {
    return [this.#model.name]
  }

  named(_tenant: unknown, name: string): ChatModel | null {
    return name === this.#model.name ? this.#model : null
  }

  /** What stands alone has the name of its model for a provider as well. */
  all(): readonly ProvidedModel[] {
    const { name } = this.#model
    return [{ provider: name, model: name }]
  }
}
