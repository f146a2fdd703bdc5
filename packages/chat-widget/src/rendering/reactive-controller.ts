/** What a controller may ask of the element that it belongs to. */
export interface ReactiveControllerHost {
  addController(controller: ReactiveController): void
  /** Renders anew, once, in a microtask of its own. */
  requestUpdate(): void
  /** Settled when the element shows its state: true unless the update itself asked for another one. */
  readonly updateComplete: Promise<boolean>
}

/** A piece of behaviour with the life of an element. */
export interface ReactiveController {
  hostConnected?(): void
  hostDisconnected?(): void
  hostUpdated?(): void
}

/** Names of the properties that changed, with their values before: none has one before the first update. */
export interface PropertyValues<T = object> extends ReadonlyMap<PropertyKey, unknown> {
  get<K extends keyof T>(name: K): T[K] | undefined
}
