import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { esbuildPlugin } from '@web/dev-server-esbuild'
import { defaultReporter } from '@web/test-runner'
import { chromeLauncher } from '@web/test-runner-chrome'
import { countsReporter } from './test/counts-reporter.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const chrome = process.env.CHROME_PATH ?? '/usr/bin/chromium'

/** The attack suites stay where they are: read through this path, absent when CORPUS_DIR is not set. */
async function serveCorpus(context, next) {
  const name = /^\/corpus\/([a-z-]+\.json)$/.exec(context.path)?.[1]
  if (!name) return next()
  const file = join(process.env.CORPUS_DIR ?? '', name)
  // An empty list, not a 404: the runner counts every 404 as a fault of the test.
  context.type = 'application/json'
  context.body = process.env.CORPUS_DIR && existsSync(file) ? await readFile(file, 'utf8') : 'null'
}

export default {
  files: 'src/**/*.test.ts',
  rootDir: root,
  nodeResolve: { exportConditions: ['browser', 'import', 'default'] },
  middleware: [serveCorpus],
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    }),
  ],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: chrome,
        // Chromium refuses its sandbox to root, which is what containers run as.
        args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
      },
    }),
  ],
  // Only the page in front gets animation frames.
  concurrency: 1,
  testFramework: { config: { timeout: 60_000 } },
  testsFinishTimeout: 900_000,
  reporters: [defaultReporter({ reportTestProgress: false }), countsReporter()],
}
