import type { Figure } from '../figure.js'
import { drawFigures } from './draw.js'

export interface Plotted {
  readonly page: string
  /** By the name of the file beside the others in `images/bench`. */
  readonly pictures: ReadonlyMap<string, string>
}

const PICTURE = /^!\[.*\]\(images\/bench\/.*\)\n\n?/gm

/** The page with a picture below each table, and the pictures. Made from the tables, so that both say the same. */
export function withPlots(page: string): Plotted {
  const pictures = new Map<string, string>()
  const [head = '', ...sections] = page.replaceAll(PICTURE, '').split(/^(?=## )/m)
  const plotted = sections.map((section) => {
    const name = /^## (.*)$/m.exec(section)?.[1] ?? ''
    const figures = figuresIn(section)
    if (figures.length === 0) return section
    const file = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.svg`
    pictures.set(file, drawFigures(name, figures))
    const table = /(?:^\|.*\n)+/m
    return section.replace(
      table,
      (rows) => `${rows}\n![${name}, beside targets and peers](images/bench/${file})\n`,
    )
  })
  return { page: head + plotted.join(''), pictures }
}

/** What is not as the tables of the page would have it: the page itself, or pictures by their names. `files`: the pictures that are there. */
export function staleIn(page: string, files: ReadonlyMap<string, string>): readonly string[] {
  const { page: plotted, pictures } = withPlots(page)
  const names = new Set([...pictures.keys(), ...files.keys()])
  const stale = [...names].filter((name) => files.get(name) !== pictures.get(name))
  return plotted === page ? stale : ['benchmarks.md', ...stale]
}

function figuresIn(section: string): readonly Figure[] {
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => {
      const [name = '', today = '', target = '', measured = '', verdict = ''] = line.slice(2, -2).split(' | ')
      return { name, today, target, measured, met: verdict === 'met' }
    })
}
