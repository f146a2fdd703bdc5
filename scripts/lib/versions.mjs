/** The first `major.minor.patch` in a text such as `v22.19.0` or `pnpm 12.1.0-rc.1`; null when there is none. */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(text)
  return match ? match.slice(1, 4).map(Number) : null
}

/** Negative, zero or positive, as for `Array.prototype.sort`. Text without a version sorts first. */
export function compareVersions(left, right) {
  const [a, b] = [parseVersion(left), parseVersion(right)]
  if (!a || !b) return Number(Boolean(a)) - Number(Boolean(b))
  const differing = a.findIndex((part, index) => part !== b[index])
  return differing === -1 ? 0 : a[differing] - b[differing]
}

export const isAtLeast = (version, minimum) => compareVersions(version, minimum) >= 0

export const sameMajor = (left, right) =>
  parseVersion(left) !== null && parseVersion(left)[0] === parseVersion(right)?.[0]
