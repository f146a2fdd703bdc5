const byText = (a, b) => (a < b ? -1 : Number(a > b))

/** `toSorted` for Node 18, on which these scripts start. */
// oxlint-disable-next-line unicorn/no-array-sort -- it sorts our own copy
export const sorted = (items, compare = byText) => [...items].sort(compare)
