import { defineConfig } from 'vitest/config'

/** Everything that runs in Node. The widget's elements are tested in a real browser, whole pages in e2e. */
export default defineConfig({
  test: {
    include: [
      'packages/{chat-core,chat-proxy}/{src,test}/**/*.test.ts',
      'bench/**/*.test.ts',
      'packages/chat-widget/build/**/*.test.mjs',
      'scripts/**/*.test.mjs',
      'deploy/**/*.test.mjs',
    ],
    // Half of the time goes into waiting for processes: one file at a time leaves a core of a small machine idle.
    maxWorkers: 2,
    // Against hanging alone: a machine that has much to do takes its time, and a poll that holds ends at once.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
