import { expect, test } from 'vitest'
import { billName, billProblems } from './bills-of-materials.mjs'

const manifest = { name: '@our/core', version: '1.0.0' }
const mit = [{ license: { id: 'MIT' } }]
const component = (purl, licenses = mit) => ({ purl, licenses })
const billOf = (...components) => ({
  bomFormat: 'CycloneDX',
  metadata: { component: { purl: 'pkg:npm/%40our/core@1.0.0' } },
  components,
})
const problems = (bill, listed = ['a@1.0.0']) => billProblems([{ manifest, bill }], listed)

test('a bill that names its package and all that is listed, with licences, is right', () => {
  expect(problems(billOf(component('pkg:npm/a@1.0.0')))).toEqual([])
  expect(problems(billOf(component('pkg:npm/%40some/a@1.0.0?vcs_url=x')), ['@some/a@1.0.0'])).toEqual([])
})

test('what one of the two lists leaves out is told, and what has no licence', () => {
  expect(problems(billOf())).toEqual(['no bill of materials has a@1.0.0'])
  expect(problems(billOf(component('pkg:npm/a@1.0.0'), component('pkg:npm/b@2.0.0', [])))).toEqual([
    'the bill of @our/core has no licence of b@2.0.0',
    'docs/licences.md does not list b@2.0.0',
  ])
})

test('a bill of something else is none', () => {
  expect(problems({ components: [component('pkg:npm/a@1.0.0')] })).toEqual([
    'the bill of @our/core is not CycloneDX',
  ])
  const other = { ...billOf(component('pkg:npm/a@1.0.0')), metadata: {} }
  expect(problems(other)).toEqual(['the bill of @our/core does not name @our/core@1.0.0'])
})

test('the file is named as the release looks for it', () => {
  expect(billName(manifest)).toBe('our-core-1.0.0.cdx.json')
})
