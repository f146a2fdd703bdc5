import type { ToolCallDelta } from '../../domain/ports/chat-model.js'
import type { ToolCallPiece } from './normalise-chunk.js'

interface Call {
  /** Our own count; `null` until the call has a name and can be told. */
  index: number | null
  readonly id: string
  name: string
  readonly givenIndex: number | null
  readonly givenId: string
  arguments: string
}

/**
 * Finds out which call each piece belongs to, whatever the provider does with indexes and ids: leaves them out, repeats
 * one for every call, or makes a new id for every piece.
 */
export class ToolCalls {
  readonly #newId: () => string
  readonly #calls: Call[] = []
  #told = 0

  /** @param newId makes an id for a call that has none of its own */
  constructor(newId: () => string) {
    this.#newId = newId
  }

  /** How many calls have been told. */
  get count(): number {
    return this.#told
  }

  /** A call that never got a name, so that nobody could make it. */
  get hasNameless(): boolean {
    return this.#calls.length > this.#told
  }

  /** @returns what is to be told; `null` when the piece adds nothing, or its call has no name yet. */
  add(piece: ToolCallPiece): ToolCallDelta | null {
    const call = this.#find(piece) ?? this.#begin(piece)
    call.name ||= piece.name
    call.arguments += piece.arguments
    if (call.name === '') return null
    if (call.index === null) {
      call.index = this.#told++
      return { index: call.index, id: call.id, name: call.name, argumentsDelta: call.arguments }
    }
    if (piece.arguments === '') return null
    return { index: call.index, id: call.id, name: call.name, argumentsDelta: piece.arguments }
  }

  #find(piece: ToolCallPiece): Call | undefined {
    const call = this.#byId(piece) ?? this.#byIndex(piece)
    return call && continues(call, piece) ? call : undefined
  }

  #byId({ id, index }: ToolCallPiece): Call | undefined {
    if (id === '') return undefined
    return this.#calls.findLast(
      (call) => call.givenId === id && (index === null || call.givenIndex === index),
    )
  }

  #byIndex({ index }: ToolCallPiece): Call | undefined {
    return index === null ? this.#calls.at(-1) : this.#calls.findLast((call) => call.givenIndex === index)
  }

  #begin({ id, index, name }: ToolCallPiece): Call {
    const isOwn = id !== '' && this.#calls.every((call) => call.id !== id)
    const call = {
      index: null,
      id: isOwn ? id : this.#newId(),
      name,
      givenIndex: index,
      givenId: id,
      arguments: '',
    }
    this.#calls.push(call)
    return call
  }
}

/**
 * Whether a piece goes on with a call that has its id or index. Every call begins with a name; so a piece without one goes
 * on, whatever its id, and a piece with one begins a call, unless the provider repeats the name on every piece.
 */
function continues(call: Call, { id, name, arguments: more }: ToolCallPiece): boolean {
  if (name === '' || call.name === '') return true
  if (name !== call.name) return false
  if (id !== '' && call.givenId !== '' && id !== call.givenId) return false
  return more.trim() === '' || !isObject(call.arguments)
}

/** A beginning of an object is never an object itself, so nothing can follow one. */
function isObject(json: string): boolean {
  if (!json.trimEnd().endsWith('}')) return false
  try {
    return typeof JSON.parse(json) === 'object'
  } catch {
    return false
  }
}
