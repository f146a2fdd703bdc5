import type { ClientCore } from './client-core.js'

/**
 * Something that a client can do beyond sending and reading: takes the core of the client that it becomes a part of, takes up
 * the moments of its life (`core.hooks`), and returns what people call. One call makes it a part of one client.
 */
export type Part<A extends object | void> = (core: ClientCore) => A

export type Parts = Readonly<Record<string, Part<object | void>>>

/** The parts of a client, by name. */
export type BoundParts<P extends Parts> = { readonly [N in keyof P]: ReturnType<P[N]> }
