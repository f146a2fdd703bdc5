import { countFaulted } from '../../packages/chat-proxy/test/durability/faulted-calls.js'
import { killWhileReserved, type Killed } from '../faulted-calls/killed.js'
import { quantile, ROUNDS, scaled, spread, type Bench, type Figure } from '../figure.js'

const SEED = 20_261_121
const CALLS = scaled(10_000)
const KILLED = 40
const MOST_MS = 60_000

/** Whether the ledger is right when everything goes wrong. */
export const faultedCalls: Bench = {
  name: 'Ledger of faulted calls',
  parts: ['SQLite'],
  async run() {
    const { known, unknown, reserved, settledAfter } = await countFaulted(CALLS, SEED, { withStalls: true })
    // They wait for a clock, so they do it side by side.
    const killed = await Promise.all(Array.from({ length: ROUNDS }, () => killWhileReserved(KILLED)))
    const off = known.ledger - known.provider
    const share = unknown.ledger / unknown.provider
    const figures: readonly Figure[] = [
      {
        name: `Ledger against the provider's own count, ${known.calls.toLocaleString('en')} calls of known outcome among ${CALLS.toLocaleString('en')} (resets, stalls, 500s, dropped lines, stops; seed ${SEED})`,
        today: '–',
        target: '0 tokens',
        measured: `${off} of ${known.provider.toLocaleString('en')} tokens`,
        met: off === 0,
      },
      {
        name: `The same, ${unknown.calls.toLocaleString('en')} calls that broke off before the provider told its count: estimated, never less`,
        today: '–',
        target: '≥ 1.0 ×',
        measured: `${share.toFixed(2)} × ${unknown.provider.toLocaleString('en')} tokens`,
        met: share >= 1,
      },
      {
        name: `Reserves left after 60 s (none any more after)`,
        today: '–',
        target: '0',
        measured: `${reserved} (${(settledAfter / 1000).toFixed(1)} s)`,
        met: reserved === 0,
      },
      killedFigure(killed),
    ]
    return figures
  },
}

function killedFigure(killed: readonly Killed[]): Figure {
  const seconds = killed.map(({ settledAfter }) => (settledAfter ?? Infinity) / 1000)
  const longest = quantile(seconds, 1)
  return {
    name: `Reserves of a process that was killed with ${KILLED} answers under way: none any more after`,
    today: '–',
    target: `≤ ${MOST_MS / 1000} s`,
    measured: longest === Infinity ? 'never' : spread(seconds, 's', 1),
    met: killed.every(({ reserved }) => reserved === KILLED) && longest <= MOST_MS / 1000,
  }
}
