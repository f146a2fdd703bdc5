import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { countsOfCheck, countsOfLines, countsOfVitest, honestCounts, noCounts } from './counts.mjs'
import { checkDocs } from './docs-site.mjs'
import { checkPackaging } from './packaging.mjs'
import { root } from './paths.mjs'
import { run } from './processes.mjs'
import { toldUnderWay, underWay } from './under-way.mjs'
import { build } from './workspace.mjs'

/**
 * One step of `npm test`.
 * @typedef {object} Stage
 * @property {string} name For `--only`.
 * @property {string} title
 * @property {boolean} [isQuiet] A check: says nothing before its end, touches nothing that another stage reads, and so runs beside
 *   others of the kind and the stages after it.
 * @property {string[]} [needs] Services without which the stage cannot run at all.
 * @property {string[]} [uses] Services whose tests skip themselves when they are missing.
 * @property {(context: Context) => Promise<{ counts: import('./counts.mjs').Counts, output: string }>} run
 *   `output` is what is still to be shown.
 *
 * @typedef {{ env: object, reports: string }} Context `reports`: a folder for the runners' reports.
 */

const MINUTE_MS = 60_000

/** A tool that says yes or no; its words are shown only when it says no. */
const check = (command) => async (context) => {
  const { code, output } = await command(context)
  return { counts: countsOfCheck(code), output: code === 0 ? '' : output }
}

/** On a busy machine it has to wait for all that runs beside it. */
const LONGEST_MS = 20 * MINUTE_MS

const script = (name) => check(({ env }) => run('pnpm', ['run', name], { env, timeoutMs: LONGEST_MS }))

const runTests = (args, env, cwd = root) => run('pnpm', args, { env, cwd, show: true, timeoutMs: LONGEST_MS })

const vitest = (report, config) => async (context) => {
  const file = join(context.reports, report)
  const progress = underWay(`${file}.under-way`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...progress.args]
  const { code, isTooLate } = await runTests(['exec', 'vitest', 'run', '--config', config, ...reporters], {
    ...context.env,
    ...progress.env,
  })
  const counts = existsSync(file) ? countsOfVitest(JSON.parse(readFileSync(file, 'utf8'))) : noCounts
  return { counts: honestCounts(counts, code), output: isTooLate ? toldUnderWay(`${file}.under-way`) : '' }
}

const widgetBrowserTests = async (context) => {
  const { code, output } = await runTests(['run', 'test'], context.env, join(root, 'packages/chat-widget'))
  return { counts: honestCounts(countsOfLines(output), code), output: '' }
}

/** @type {Stage[]} */
export const stages = [
  { name: 'build', title: 'Build', run: check(({ env }) => build(env)) },
  { name: 'format', title: 'Formatting', isQuiet: true, run: script('check:format') },
  { name: 'lint', title: 'Lint', isQuiet: true, run: script('check:lint') },
  { name: 'types', title: 'Types', isQuiet: true, run: script('check:types') },
  { name: 'layers', title: 'Layer rules', isQuiet: true, run: script('check:layers') },
  { name: 'packaging', title: 'Packaging', isQuiet: true, run: check(checkPackaging) },
  {
    name: 'unused',
    title: 'Unused files, exports and dependencies',
    isQuiet: true,
    run: script('check:unused'),
  },
  { name: 'licences', title: 'Licences of what is shipped', isQuiet: true, run: script('check:licences') },
  { name: 'figures', title: 'Figures that documents state', isQuiet: true, run: script('check:figures') },
  { name: 'docs', title: 'Docs site, and the code in it', isQuiet: true, run: check(checkDocs) },
  {
    name: 'unit',
    title: 'Unit and integration tests',
    uses: ['PostgreSQL', 'Redis'],
    run: vitest('unit.json', 'vitest.config.ts'),
  },
  { name: 'widget', title: 'Widget tests in the browser', needs: ['Chromium'], run: widgetBrowserTests },
  {
    name: 'e2e',
    title: 'Whole-page journeys',
    needs: ['Chromium'],
    run: vitest('e2e.json', 'e2e/vitest.config.ts'),
  },
]
