import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withPlots } from './with-plots.js'

const DOCS = join(import.meta.dirname, '../../docs')

/** Draws what the tables of the page say, and puts the pictures below them. */
export function writePlots(): void {
  const file = join(DOCS, 'benchmarks.md')
  const { page, pictures } = withPlots(readFileSync(file, 'utf8'))
  const folder = join(DOCS, 'images/bench')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [name, picture] of pictures) writeFileSync(join(folder, name), picture)
  writeFileSync(file, page)
}
