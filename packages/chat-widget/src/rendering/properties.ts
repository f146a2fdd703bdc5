/** What a property tells the element that it belongs to. */
interface Reactive extends Element {
  noteChange(name: string, before: unknown): void
}

export interface PropertyOptions {
  /** The attribute that sets it; default: the property's name in lower case. False: none. */
  readonly attribute?: string | false
  /** What the attribute says; default: its text, null without it. */
  readonly fromAttribute?: (value: string | null) => unknown
  /** The attribute is there while the property is true. */
  readonly reflect?: boolean
}

const declared = new WeakMap<object, Map<string, PropertyOptions>>()

/** The properties of a class, those that it inherits included, by its prototype. */
export function propertiesOf(prototype: object): Map<string, PropertyOptions> {
  const own = declared.get(prototype)
  if (own) return own
  const parent: unknown = Object.getPrototypeOf(prototype)
  const properties = new Map(typeof parent === 'object' && parent ? propertiesOf(parent) : [])
  declared.set(prototype, properties)
  return properties
}

/** The attribute of a property, or undefined where it has none. */
export function attributeOf(name: string, { attribute }: PropertyOptions): string | undefined {
  return attribute === false ? undefined : (attribute ?? name.toLowerCase())
}

/** Decorator of a property that is part of what the element shows: another value renders it anew. */
export const property =
  (options: PropertyOptions = {}) =>
  (prototype: Reactive, name: string): void => {
    const values = new WeakMap<Reactive, unknown>()
    propertiesOf(prototype).set(name, options)
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: true,
      get(this: Reactive): unknown {
        return values.get(this)
      },
      set(this: Reactive, value: unknown) {
        const before = values.get(this)
        values.set(this, value)
        if (!Object.is(before, value)) this.noteChange(name, before)
      },
    })
  }

/** As `property`, for what is nobody else's business. */
export const state = (): ReturnType<typeof property> => property({ attribute: false })

/** Decorator of the first element that a selector finds in what is shown; null while there is none. */
export const query =
  (selector: string) =>
  (prototype: Reactive, name: string): void => {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: Reactive): Element | null {
        // Also asked for before the first update.
        return this.shadowRoot?.querySelector(selector) ?? null
      },
    })
  }
