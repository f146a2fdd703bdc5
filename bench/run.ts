import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './figure.js'
import { admissionOnRedis } from './figures/admission-on-redis.js'
import { bundleSize } from './figures/bundle-size.js'
import { cpuPerDelta } from './figures/cpu-per-delta.js'
import { deltaDelay } from './figures/delta-delay.js'
import { faults } from './figures/faults.js'
import { faultedCalls } from './figures/faulted-calls.js'
import { hostileAnswersShown } from './figures/hostile-answers.js'
import { identityCheck } from './figures/identity-check.js'
import { killedOnPostgres, killedOnSqlite } from './figures/killed-proxies.js'
import { linesThatBreak } from './figures/lines-that-break.js'
import { parseCases } from './figures/parse-cases.js'
import { openStreams } from './figures/open-streams.js'
import { proxyCost } from './figures/proxy-cost.js'
import { widgetLooks } from './figures/widget-looks.js'
import { widgetSize } from './figures/widget-size.js'
import { tabHandOver } from './figures/tab-hand-over.js'
import { widgetPages } from './figures/widget-pages.js'
import { widgetStream } from './figures/widget-stream.js'
import { sharedLimits } from './figures/shared-limits.js'
import { silence } from './figures/silence.js'
import { slowReader } from './figures/slow-reader.js'
import { slowSockets } from './figures/slow-sockets.js'
import { stopAndSwitch } from './figures/stop-and-switch.js'
import { upstreamResets } from './figures/upstream-resets.js'
import { sectionOf, withSection } from './page.js'
import { versionsOf } from './parts.js'
import { writePlots } from './plots/write-plots.js'

const BENCHES: readonly Bench[] = [
  bundleSize,
  cpuPerDelta,
  parseCases,
  silence,
  faults,
  linesThatBreak,
  proxyCost,
  deltaDelay,
  openStreams,
  slowReader,
  identityCheck,
  widgetSize,
  widgetStream,
  widgetPages,
  tabHandOver,
  widgetLooks,
  hostileAnswersShown,
  admissionOnRedis,
  sharedLimits,
  slowSockets,
  upstreamResets,
  faultedCalls,
  stopAndSwitch,
  killedOnSqlite,
  killedOnPostgres,
]
const PAGE = join(import.meta.dirname, '../docs/benchmarks.md')

/**
 * `pnpm bench [words]`: runs all benches, or those whose name holds all the words; prints every figure beside its target,
 * and puts what a full run measured into its section of the page. A short one (`BENCH_SCALE`) only prints.
 */
const words = process.argv.slice(2).map((word) => word.toLowerCase())
for (const bench of BENCHES.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))) {
  const started = performance.now()
  // Before the figures: whatever is away by then takes none of them along.
  const versions = await versionsOf(bench.parts ?? [])
  const figures = await bench.run().catch(fail(bench))
  if (figures.length === 0) continue
  const seconds = (performance.now() - started) / 1000
  const section = sectionOf(figures, seconds, versions)
  process.stdout.write(`## ${bench.name}\n\n${section}\n`)
  if (process.env['BENCH_SCALE']) continue
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
  writeFileSync(
    PAGE,
    withSection(
      page,
      BENCHES.map(({ name }) => name),
      { name: bench.name, text: section },
    ),
  )
  writePlots()
}

/** What goes wrong in one is told, and keeps the others from nothing. */
function fail({ name }: Bench): (error: unknown) => readonly [] {
  return (error) => {
    process.stderr.write(`${name}: not measured. ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 1
    return []
  }
}
