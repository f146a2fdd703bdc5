import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deadRepositoryLinks } from './repository-links.mjs'

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colloquy-pages-'))
  mkdirSync(join(folder, 'guide'))
  writeFileSync(
    join(folder, 'guide/more.md'),
    "# More\n\n## The `useChat` of [others](../a.md)\n\n## It's 2 a\n",
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const deadIn = (text) => {
  writeFileSync(join(folder, 'a.md'), text)
  return deadRepositoryLinks(folder, ['a.md'])
}

test('files, folders and headings are found, by the names that they have without the site', () => {
  const links = [
    'guide',
    'guide/more.md',
    'guide/more.md#the-usechat-of-others',
    'guide/more.md#its-2-a',
    '#here',
  ]
  expect(
    deadIn(`## Here\n${links.map((link) => `[x](${link})`).join(' ')} [out](https://example.com/x)`),
  ).toEqual([])
})

test('what only the site has is named, with the page that links to it', () => {
  const links = ['guide/index.md', 'guide/more.md#it-s-2-a', '#gone']
  expect(deadIn(links.map((link) => `[x](${link})`).join('\n'))).toEqual(
    links.map((link) => `a.md: leads nowhere in the repository: ${link}`),
  )
})

test('what stands in code is no link, and no heading', () => {
  expect(deadIn('```sh\n# gone [x](gone.md)\n```\n[x](#gone-xgonemd)')).toHaveLength(1)
})

test('what is built and kept by nobody leads nowhere, and what is new does', () => {
  execFileSync('git', ['init', '-q'], { cwd: folder })
  writeFileSync(join(folder, '.gitignore'), 'built/\n')
  mkdirSync(join(folder, 'built'))
  writeFileSync(join(folder, 'built/api.md'), '# API\n')
  expect(deadIn('[x](built/api.md) [x](built) [x](guide/more.md) [x](guide/) [x](.)')).toEqual([
    'a.md: leads nowhere in the repository: built/api.md',
    'a.md: leads nowhere in the repository: built',
  ])
})
