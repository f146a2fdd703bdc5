import { expect, it } from 'vitest'
import { countsOfSessions } from './wtr-counts.mjs'

const suite = (tests, suites = []) => ({ name: 'suite', tests, suites })
const passed = { passed: true, skipped: false }
const failed = { passed: false, skipped: false }
const skipped = { passed: true, skipped: true }

it('counts the tests of nested suites over all sessions', () => {
  const sessions = [
    { passed: false, testResults: suite([passed], [suite([failed, skipped], [suite([passed])])]) },
    { passed: true, testResults: suite([passed]) },
  ]
  expect(countsOfSessions(sessions)).toEqual({ passed: 3, failed: 1, skipped: 1 })
})

it('counts a file that did not load as a failure', () => {
  expect(countsOfSessions([{ passed: false }])).toEqual({ passed: 0, failed: 1, skipped: 0 })
})
