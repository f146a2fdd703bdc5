const testsOf = (suite) => (suite ? [...suite.tests, ...suite.suites.flatMap(testsOf)] : [])

const failuresIn = (tests) => tests.filter((test) => !test.passed && !test.skipped).length

/**
 * The counts of a run of @web/test-runner. One session is one file in one browser; a session that failed
 * without a failed test (it did not load, or threw outside of tests) counts as one.
 */
export function countsOfSessions(sessions) {
  const tests = sessions.flatMap((session) => testsOf(session.testResults))
  const silent = sessions.filter(
    (session) => !session.passed && failuresIn(testsOf(session.testResults)) === 0,
  )
  return {
    passed: tests.filter((test) => test.passed && !test.skipped).length,
    failed: failuresIn(tests) + silent.length,
    skipped: tests.filter((test) => test.skipped).length,
  }
}
