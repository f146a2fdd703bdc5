import { writePlots } from './write-plots.js'

/** `pnpm --filter @colloquy/bench plots`: draws the pictures of `docs/benchmarks.md` anew, without measuring anything. */
writePlots()
