import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Bench, Figure } from './figure.js'
import { bundleSize } from './figures/bundle-size.js'
import { cpuPerDelta } from './figures/cpu-per-delta.js'
import { killedProxies } from './figures/killed-proxies.js'
import { linesThatBreak } from './figures/lines-that-break.js'

const BENCHES: readonly Bench[] = [bundleSize, cpuPerDelta, linesThatBreak, killedProxies]

/** `pnpm bench [name part] …`: runs all benches or those named, prints every figure beside its target, writes the page. */
const wanted = process.argv.slice(2)
const chosen = BENCHES.filter(({ name }) =>
  wanted.every((part) => name.toLowerCase().includes(part.toLowerCase())),
)
const sections: string[] = []
for (const bench of chosen) {
  const started = performance.now()
  const figures = await bench.run()
  const seconds = (performance.now() - started) / 1000
  const section = `## ${bench.name}\n\n${table(figures)}\n\nMeasured in ${seconds.toFixed(0)} s.\n`
  process.stdout.write(`${section}\n`)
  sections.push(section)
}
if (chosen.length === BENCHES.length && !process.env['BENCH_SCALE']) {
  writeFileSync(join(import.meta.dirname, '../docs/benchmarks.md'), page(sections))
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ name, today, target, measured, met }) =>
      `| ${name} | ${today} | ${target} | ${measured} | ${met ? 'met' : '**not met**'} |`,
  )
  return ['| what | today | target | measured | |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
}

function page(all: readonly string[]): string {
  const [cpu] = cpus()
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`
  return [
    '# Benchmarks',
    '',
    'Made by `pnpm bench`, which prints every figure beside its target and writes this page. The column *today* is what',
    'clients in use reach, measured in the design phase of the project on a machine of the same size.',
    '',
    `Machine: ${machine}, ${new Date().toISOString().slice(0, 10)}.`,
    '',
    ...all,
  ].join('\n')
}
