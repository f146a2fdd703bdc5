import { spreadOf } from '../figure.js'
import { named } from '../peers/bundles.js'
import type { Cost } from './measure.js'
import type { Peer } from './pages.js'
import type { Round } from './rounds.js'

/** What of one answer of a peer is told; some of it is told against the others of its round. */
type Of = (cost: Cost, round: Round, peer: Peer) => number

/** The peers of these rounds, as a cell of the column _today_. */
export const peersSpread = (
  rounds: readonly Round[],
  late: string,
  of: Of,
  unit: string,
  digits = 2,
): string => cellOf(rounds, late, (name, costs) => spreadOf(name, costs(of), unit, digits))

/** The same of what is counted: all of it, as of ours, and in how many answers. */
export const peersCount = (rounds: readonly Round[], late: string, of: Of): string =>
  cellOf(rounds, late, (name, costs) => {
    const counts = costs(of)
    const sum = counts.reduce((all, count) => all + count, 0)
    return `${sum} in ${counts.length} ${counts.length === 1 ? 'answer' : 'answers'} (${name})`
  })

/** @param late said of a peer that was not done in the time it was given, once at least */
function cellOf(
  rounds: readonly Round[],
  late: string,
  tell: (name: string, costs: (of: Of) => readonly number[]) => string,
): string {
  const peers = [...new Set(rounds.flatMap((round) => [...round.peers.keys()]))]
  const cells = peers.map((peer) => {
    const found = rounds.flatMap((round) => {
      const cost = round.peers.get(peer)
      return cost === undefined ? [] : [{ cost, round }]
    })
    const done = found.flatMap(({ cost, round }) => (cost ? [{ cost, round }] : []))
    if (done.length < found.length) return `${late} (${nameOf(peer)})`
    return tell(nameOf(peer), (of) => done.map(({ cost, round }) => of(cost, round, peer)))
  })
  return cells.length === 0 ? '–' : cells.join(', ')
}

function nameOf(peer: Peer): string {
  const [name = '', option] = peer.split('?')
  return option === undefined ? named(name) : `${named(name)} with ${option}`
}
