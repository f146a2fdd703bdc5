import { describe, expect, it } from 'vitest'
import {
  countsOfCheck,
  countsOfLines,
  countsOfVitest,
  honestCounts,
  noCounts,
  sumCounts,
  summary,
} from './counts.mjs'

const report = (testResults, totals) => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  ...totals,
  testResults,
})

describe('counts', () => {
  it('sums what the runners counted into the line that ends the run', () => {
    const all = [
      { passed: 3, failed: 0, skipped: 0 },
      { passed: 40, failed: 2, skipped: 1 },
    ]
    expect(summary(sumCounts(all))).toBe('1 skipped\n43 passed, 2 failed')
  })

  it('names skipped tests only when there are some', () => {
    expect(summary({ passed: 7, failed: 0, skipped: 0 })).toBe('7 passed, 0 failed')
  })

  it('counts a check as one test', () => {
    expect(countsOfCheck(0)).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect(countsOfCheck(2)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it("reads vitest's report, todo tests as skipped", () => {
    const totals = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 }
    const file = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }
    expect(countsOfVitest(report([file], totals))).toEqual({ passed: 5, failed: 1, skipped: 3 })
  })

  it('counts a test file that could not be loaded as a failure', () => {
    const unloadable = { status: 'failed', assertionResults: [] }
    expect(countsOfVitest(report([unloadable], { numPassedTests: 5 }))).toEqual({
      passed: 5,
      failed: 1,
      skipped: 0,
    })
  })

  it("reads the last line of a runner's own summary", () => {
    const output = 'Chromium: 1 passed, 0 failed\n\n3 passed, 0 failed\n12 passed, 1 failed, 2 skipped\n'
    expect(countsOfLines(output)).toEqual({ passed: 12, failed: 1, skipped: 2 })
    expect(countsOfLines(summary({ passed: 4, failed: 0, skipped: 0 })).passed).toBe(4)
    expect(countsOfLines('crashed at once')).toEqual(noCounts)
  })

  it('never lets a runner pass that ended badly or found no tests', () => {
    const fine = { passed: 2, failed: 0, skipped: 0 }
    expect(honestCounts(fine, 0)).toEqual(fine)
    expect(honestCounts(fine, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 })
    expect(honestCounts({ passed: 2, failed: 3, skipped: 0 }, 1).failed).toBe(3)
    expect(honestCounts(noCounts, 0).failed).toBe(1)
  })
})
