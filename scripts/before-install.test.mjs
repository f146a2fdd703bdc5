import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './lib/paths.mjs'

/** What somebody runs in a fresh clone. */
const FIRST = ['start', 'test', 'bench', 'docs'].map((command) => `scripts/${command}.mjs`)
const IMPORT = /^(?:import |.*\bfrom )'([^']+)'$/gm

/** What is loaded before the first line runs, by file. */
function importsOf(file, seen = new Map()) {
  if (seen.has(file)) return seen
  const names = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, name]) => name)
  seen.set(file, names)
  for (const name of names) if (name.startsWith('.')) importsOf(join(dirname(file), name), seen)
  return seen
}

test.each(FIRST)('%s begins where nothing is installed yet', (script) => {
  const names = [...importsOf(join(root, script)).values()].flat()
  expect(names.filter((name) => name.startsWith('.'))).not.toEqual([])
  expect(names.filter((name) => !/^(?:\.|node:)/.test(name))).toEqual([])
})
