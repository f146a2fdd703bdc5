import { defineConfig } from 'vitest/config'

/** Whole pages in a real browser against real processes: each file has its own, on ports and in folders of their own. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // Much of the time goes into waiting for words to come: two files at a time leave half of two cores idle.
    maxWorkers: 3,
    testTimeout: 120_000,
    // A busy machine takes its time; a poll that holds ends at once.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 120_000,
  },
})
