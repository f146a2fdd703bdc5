/** Every node of a syntax tree below `node`, itself included. */
export function* nodesOf(node) {
  if (Array.isArray(node)) for (const child of node) yield* nodesOf(child)
  else if (node && typeof node.type === 'string') {
    yield node
    for (const child of Object.values(node)) if (child && typeof child === 'object') yield* nodesOf(child)
  }
}

/** `code` with other text in the place of some of it. The places must not overlap. */
export function replaced(code, places) {
  // From the end on, so that places before stay true.
  return places
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), code)
}
