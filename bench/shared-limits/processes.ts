import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { RateLimit } from '../../packages/chat-proxy/src/domain/ports/index.js'
import { nextFrom, startScript } from '../children.js'
import type { Asked, Setup } from './messages.js'

/** Processes that share limits. */
export class Processes {
  readonly #children: readonly ChildProcess[]

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children
  }

  /** @param worker the script that they run; default: the proxy's own limiter */
  static async start(setup: Setup, worker = 'shared-limits/worker.ts'): Promise<Processes> {
    const children = Array.from({ length: setup.instances }, () =>
      startScript(worker, [JSON.stringify(setup)]),
    )
    await Promise.all(children.map((child) => nextFrom(child)))
    return new Processes(children)
  }

  /** Each process takes its share of the requests, all at once. @returns the answers in the order of the requests */
  async burst(requests: readonly (readonly RateLimit[])[]): Promise<readonly Asked[]> {
    const count = this.#children.length
    const shares = await Promise.all(
      this.#children.map(async (child, index) => {
        child.send({ requests: requests.filter((_, request) => request % count === index) })
        // Each message to it is answered by one.
        return (await nextFrom<{ asked: Asked[] }>(child)).asked
      }),
    )
    return requests.map((_, request) => {
      const asked = shares[request % count]?.[Math.floor(request / count)]
      if (!asked) throw new Error('Every request is answered.')
      return asked
    })
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        child.disconnect()
        await once(child, 'exit')
      }),
    )
  }
}
