/** The file of a package's bill, which the release workflow puts beside the release. */
export const billName = ({ name, version }) =>
  `${name.replace('@', '').replace('/', '-')}-${version}.cdx.json`

/**
 * What is wrong with the bills of materials (CycloneDX) of the packages. Together they name what `docs/licences.md` lists, which is made in
 * another way: a dependency that one of them leaves out is found by the other.
 *
 * @param {{ manifest: { name: string, version: string }, bill: object }[]} bills
 * @param {string[]} listed `name@version`
 * @returns {string[]}
 */
export function billProblems(bills, listed) {
  const named = new Set(bills.flatMap(({ bill }) => (bill.components ?? []).map(idOf)))
  const others = [...named].filter((id) => !id.startsWith('@colloquy/'))
  return [
    ...bills.flatMap(({ manifest, bill }) => problemsOf(bill, manifest)),
    ...listed.filter((id) => !named.has(id)).map((id) => `no bill of materials has ${id}`),
    ...others.filter((id) => !listed.includes(id)).map((id) => `docs/licences.md does not list ${id}`),
  ]
}

function problemsOf({ bomFormat, metadata, components = [] }, { name, version }) {
  if (bomFormat !== 'CycloneDX') return [`the bill of ${name} is not CycloneDX`]
  const about = metadata?.component
  const problems =
    idOf(about ?? {}) === `${name}@${version}` ? [] : [`the bill of ${name} does not name ${name}@${version}`]
  const unlicensed = components.filter(({ licenses }) => !(licenses?.length > 0))
  return [...problems, ...unlicensed.map((one) => `the bill of ${name} has no licence of ${idOf(one)}`)]
}

/** By its address in CycloneDX's form, `pkg:npm/%40scope/name@version`: names are split there in more than one way. */
const idOf = ({ purl = '' }) => decodeURIComponent(purl.replace(/^pkg:npm\//, '').replace(/[?#].*$/, ''))
