/**
 * What goes wrong with a call.
 *
 * - `refused`: it was not done.
 * - `lost`: it was done, and its answer did not arrive.
 */
export type FaultKind = 'refused' | 'lost'

/** The methods of a port that give such an answer. */
type MethodsTo<Answer, P> = {
  [K in keyof P]: P[K] extends (...args: never[]) => Answer ? K : never
}[keyof P] &
  string

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
  wrap<P extends object>(
    name: string,
    port: P,
    methods: readonly MethodsTo<PromiseLike<unknown>, P>[],
    streams: readonly MethodsTo<AsyncIterable<unknown>, P>[] = [],
  ): P {
    const wrapped = new Map<PropertyKey, unknown>([
      ...methods.map(
        (method) => [method, this.#wrapMethod(`${name}.${method}`, port, method, failedAnswer)] as const,
      ),
      ...streams.map(
        (method) => [method, this.#wrapMethod(`${name}.${method}`, port, method, cutStream)] as const,
      ),
    ])
    return new Proxy(port, {
      get: (target, key) => {
        if (wrapped.has(key)) return wrapped.get(key)
        const value: unknown = Reflect.get(target, key, target)
        // Private fields are found on the port itself, not on what stands in its place.
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  #wrapMethod<P extends object>(
    name: string,
    port: P,
    method: keyof P,
    fail: (perform: () => unknown, fault: Fault) => unknown,
  ): unknown {
    return (...args: unknown[]): unknown => {
      const call = this.calls.push(name)
      const fault = this.#fault?.call === call ? this.#fault : null
      // The type of what may be wrapped says that this is a function.
      const original = port[method] as (...args: unknown[]) => unknown
      const perform = (): unknown => original.apply(port, args)
      return fault ? fail(perform, fault) : perform()
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
