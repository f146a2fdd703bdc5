import { stalePlots, writePlots } from './write-plots.js'

/**
 * `pnpm --filter @colloquy/bench plots`: draws the pictures of `docs/benchmarks.md` anew, without measuring anything. With `--check` it
 * says which are not what the tables say.
 */
if (process.argv.includes('--check')) {
  const stale = stalePlots()
  for (const name of stale)
    process.stderr.write(`${name} does not show what the tables of docs/benchmarks.md say.\n`)
  if (stale.length > 0) {
    process.stderr.write('Run `pnpm --filter @colloquy/bench plots`.\n')
    process.exitCode = 1
  }
} else writePlots()
