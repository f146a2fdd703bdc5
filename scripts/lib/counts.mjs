/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

export const noCounts = { passed: 0, failed: 0, skipped: 0 }

export const sumCounts = (all) =>
  all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    noCounts,
  )

/** The end of `npm test`. Other tools read its last line, which looks alike whether anything was skipped or not. */
export function summary({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed`
  return skipped > 0 ? `${skipped} skipped\n${line}` : line
}

/** A tool that says yes or no counts as one test. */
export const countsOfCheck = (code) => ({ ...noCounts, [code === 0 ? 'passed' : 'failed']: 1 })

/**
 * The counts of vitest's JSON report. A file that could not be loaded has no tests to fail, so it counts as one.
 * @returns {Counts}
 */
export function countsOfVitest(report) {
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * The counts of a runner whose report is a line such as `4 passed, 1 failed, 2 skipped`; the last such line counts.
 * @returns {Counts}
 */
export function countsOfLines(output) {
  const [, passed, failed, skipped] =
    [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1) ?? []
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 0), skipped: Number(skipped ?? 0) }
}

/** A runner that ended badly without naming a failed test, or that found no test at all, has failed once. */
export function honestCounts(counts, code) {
  const silentFailure = code !== 0 && counts.failed === 0
  const foundNothing = counts.passed + counts.failed + counts.skipped === 0
  return silentFailure || foundNothing ? { ...counts, failed: counts.failed + 1 } : counts
}
