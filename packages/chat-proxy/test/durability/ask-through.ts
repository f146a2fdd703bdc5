import { createChatClient, type RunOutcome } from '@colloquy/chat-core'
import { Relay, type RelayFault } from '../support/relay.js'
import { ScriptedModel } from '../support/scripted-model.js'
import { serveProxy, type ServedProxy } from '../support/served-proxy.js'

/** About 2 kB in 40 pieces, with letters of one to four bytes. */
export const WORDS = Array.from({ length: 40 }, (_, index) => `${index}: Größe, 大きさ, 😀 and **more**, `)
export const ANSWER = WORDS.join('')

/** A proxy behind a relay, for asking one question after the other over lines that break. */
export class Scene {
  readonly model = new ScriptedModel(() => WORDS)
  #served!: ServedProxy
  #relay!: Relay

  static async open(): Promise<Scene> {
    const scene = new Scene()
    scene.#served = await serveProxy(scene.model)
    scene.#relay = await Relay.open(scene.#served.port)
    return scene
  }

  async close(): Promise<void> {
    await this.#relay.close()
    await this.#served.close()
  }

  /**
   * Asks one question as a new visitor.
   * @param fault asked for every request that `about` fits, with its number from 1
   * @param about default: requests about a run
   */
  async ask(
    fault: (count: number) => RelayFault | null,
    about = /messages|\/runs\//,
  ): Promise<RunOutcome & { generations: number }> {
    return this.through(fault, about, async (baseUrl) => {
      const client = createChatClient({
        baseUrl,
        policy: {
          send: { tries: 5, base: 1, cap: 5 },
          resume: { tries: 10, base: 1, cap: 5 },
          heartbeat: 400,
        },
      })
      const outcome = await client.send('Question')
      client.destroy()
      return outcome
    })
  }

  /** Lets any client do something over the line that breaks. */
  async through<T extends object>(
    fault: (count: number) => RelayFault | null,
    about: RegExp,
    task: (baseUrl: string) => Promise<T>,
  ): Promise<T & { generations: number }> {
    let count = 0
    this.#relay.fault = ({ url = '' }) => (about.test(url) ? fault((count += 1)) : null)
    const before = this.model.calls
    const result = await task(this.#relay.url)
    return { ...result, generations: this.model.calls - before }
  }
}

/** A fault for the first request only. */
export const once =
  (fault: () => RelayFault) =>
  (count: number): RelayFault | null =>
    count === 1 ? fault() : null
