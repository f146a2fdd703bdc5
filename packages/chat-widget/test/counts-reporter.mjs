/** Ends the run with one line that a script can add up: `N passed, N failed, N skipped`. */
export function countsReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const count = { passed: 0, failed: 0, skipped: 0 }
      for (const session of sessions) {
        countSuite(session.testResults, count)
        // A file that did not even load has no results, but it did fail.
        if (!session.passed && !hasFailedTest(session.testResults)) count.failed += 1
      }
      console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
    },
  }
}

function countSuite(suite, count) {
  for (const test of suite?.tests ?? []) {
    count[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1
  }
  for (const inner of suite?.suites ?? []) countSuite(inner, count)
}

const hasFailedTest = (suite) =>
  (suite?.tests ?? []).some((test) => !test.passed && !test.skipped) ||
  (suite?.suites ?? []).some(hasFailedTest)
