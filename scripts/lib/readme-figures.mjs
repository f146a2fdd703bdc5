/**
 * @typedef {{ section: string, name: string, today: string, target: string, measured: string, met: boolean }} Figure
 */

/**
 * @param {string} page the bench page
 * @returns {Figure[]}
 */
export function figuresIn(page) {
  return page
    .split(/^## /m)
    .slice(1)
    .flatMap((part) => {
      const section = part.slice(0, part.indexOf('\n'))
      const rows = part.split('\n').filter((line) => line.startsWith('| '))
      return rows.slice(2).map((row) => {
        const [name, today, target, measured, verdict] = row.slice(2, -2).split(' | ')
        return { section, name, today, target, measured, met: verdict === 'met' }
      })
    })
}

/**
 * @param {Figure[]} figures
 * @param {[section: string, begin: string, words: string][]} chosen
 * @throws Error when one of them is not on the page
 */
export function figuresTable(figures, chosen) {
  const rows = chosen.map(([section, begin, words]) => {
    const figure = figures.find((one) => one.section === section && one.name.startsWith(begin))
    if (!figure) throw new Error(`docs/benchmarks.md has no "${begin}" in "${section}".`)
    return [words, figure.measured, figure.met ? figure.target : `${figure.target}, not met`]
  })
  return aligned([['', 'measured', 'target'], ...rows])
}

/**
 * How many targets are met, and where those stand that are not.
 * @param {Figure[]} figures
 */
export function metLine(figures) {
  const met = figures.filter((figure) => figure.met).length
  if (met === figures.length) return `All ${met} targets are met.`
  return `${met} of ${figures.length} targets are met; those that are not stand [first on the page of all figures](docs/benchmarks.md).`
}

/** As prettier would write it. */
function aligned(rows) {
  const widths = rows[0].map((_cell, column) => Math.max(3, ...rows.map((row) => row[column].length)))
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  const [head, ...rest] = rows
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest.map(line)].join(
    '\n',
  )
}

/** What is made of the figures, between its two comments. */
export function withFigures(readme, text) {
  const place = /(<!-- figures -->).*?(<!-- end of figures -->)/s
  if (!place.test(readme)) throw new Error('README.md has no place for its figures.')
  return readme.replace(place, (_whole, begin, end) => `${begin}\n\n${text}\n\n${end}`)
}

/**
 * Sizes in a text that are neither measured nor a target that is met: each may be rounded to as many digits as it is stated with.
 * @returns {string[]}
 */
export function sizesWithoutFigure(text, figures) {
  const known = figures
    .flatMap(({ measured, target, met }) => [measured, ...(met ? [target] : [])])
    .flatMap(sizesIn)
  return sizesIn(text.replace(/^```.*?^```/gms, ''))
    .filter(
      ({ digits, unit, value }) =>
        !known.some((one) => one.unit === unit && one.value.toFixed(digits) === value.toFixed(digits)),
    )
    .map(({ words }) => words)
}

const sizesIn = (text) =>
  [...text.matchAll(/\b(\d+(?:\.(\d+))?) (KiB|kB)\b/g)].map(([words, number, decimals = '', unit]) => ({
    words,
    value: Number(number),
    digits: decimals.length,
    unit,
  }))
