import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { staleIn, withPlots } from './with-plots.js'

const DOCS = join(import.meta.dirname, '../../docs')
const PAGE = join(DOCS, 'benchmarks.md')
const PICTURES = join(DOCS, 'images/bench')

/** Draws what the tables of the page say, and puts the pictures below them. */
export function writePlots(): void {
  const { page, pictures } = withPlots(readFileSync(PAGE, 'utf8'))
  rmSync(PICTURES, { recursive: true, force: true })
  mkdirSync(PICTURES, { recursive: true })
  for (const [name, picture] of pictures) writeFileSync(join(PICTURES, name), picture)
  writeFileSync(PAGE, page)
}

/** The files that `writePlots` would change; empty when all show what the tables say. */
export function stalePlots(): readonly string[] {
  const files = readdirSync(PICTURES).map((name): [string, string] => [
    name,
    readFileSync(join(PICTURES, name), 'utf8'),
  ])
  return staleIn(readFileSync(PAGE, 'utf8'), new Map(files))
}
