import { defineConfig } from 'vitest/config'

/** Whole pages in a real browser against real processes; one file at a time, because each keeps a machine busy. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    // A busy machine takes its time; a poll that holds ends at once.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
})
