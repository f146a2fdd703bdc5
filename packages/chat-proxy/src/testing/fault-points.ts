/**
 * What goes wrong with a call.
 *
 * - `refused`: it was not done.
 * - `lost`: it was done, and its answer did not arrive.
 */
export type FaultKind = 'refused' | 'lost'

/** A method that can fail: it answers a promise, or a stream. */
type Fallible = (...args: never[]) => PromiseLike<unknown> | AsyncIterable<unknown>

type FallibleMethod<P> = { [K in keyof P]: P[K] extends Fallible ? K : never }[keyof P] & string

interface Fault {
  readonly call: number
  readonly kind: FaultKind
  readonly error: () => unknown
}

/**
 * Wraps ports, counts the calls of their methods, all together, and makes the n-th of them fail. A method that answers a
 * stream fails when the stream is read: at once (`refused`) or after its first item (`lost`).
 */
export class FaultPoints {
  /** The calls so far, as `port.method`, in the order in which they were made. */
  readonly calls: string[] = []
  #fault: Fault | null = null

  /** Makes the `call`-th call from the beginning fail, the first being 1; one at most. */
  fail(call: number, kind: FaultKind, error: () => unknown): void {
    this.#fault = { call, kind, error }
  }

  /** The port, with fault points in these methods; all else is as it was. `name` stands for it in `calls`. */
  wrap<P extends object>(name: string, port: P, methods: readonly FallibleMethod<P>[]): P {
    const wrapped = new Map<PropertyKey, unknown>(
      methods.map((method) => [method, this.#wrapMethod(`${name}.${method}`, port, method)]),
    )
    return new Proxy(port, {
      get: (target, key) => {
        if (wrapped.has(key)) return wrapped.get(key)
        const value: unknown = Reflect.get(target, key, target)
        // Private fields are found on the port itself, not on what stands in its place.
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  #wrapMethod<P extends object>(name: string, port: P, method: FallibleMethod<P>): unknown {
    return (...args: unknown[]): unknown => {
      const call = this.calls.push(name)
      const fault = this.#fault?.call === call ? this.#fault : null
      // The type of `method` says that this is a function with such an answer.
      const original = port[method] as (...args: unknown[]) => PromiseLike<unknown> | AsyncIterable<unknown>
      const perform = () => original.apply(port, args)
      if (!fault) return perform()
      const isStream = original.constructor.name === 'AsyncGeneratorFunction'
      return isStream ? cutStream(perform, fault) : failedAnswer(perform, fault)
    }
  }
}

async function failedAnswer(perform: () => unknown, { kind, error }: Fault): Promise<never> {
  if (kind === 'lost') await perform()
  throw error()
}

async function* cutStream(perform: () => unknown, { kind, error }: Fault): AsyncGenerator {
  if (kind === 'lost') {
    // As above: a method with a stream.
    for await (const item of perform() as AsyncIterable<unknown>) {
      yield item
      break
    }
  }
  throw error()
}
