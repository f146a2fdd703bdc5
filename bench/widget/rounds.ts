import type { Browser } from 'playwright-core'
import { repeated } from '../figure.js'
import { measureAnswer, type Cost, type Outcome } from './measure.js'
import type { Kind, Peer } from './pages.js'
import type { Site } from './site.js'

/** One answer on each page, in turns: what the machine does to one of a round it does to the others. */
export interface Round {
  readonly plain: Cost
  readonly chat: Cost
  /** Those that took part in it. */
  readonly peers: ReadonlyMap<Peer, Outcome>
}

/** In how many of the rounds a peer takes part. */
export type PeerRounds = Readonly<Partial<Record<Peer, number>>>

export function measureRounds(
  browser: Browser,
  site: Site,
  answer: { readonly tokens: number; readonly rate: number },
  peerRounds: PeerRounds,
): Promise<readonly Round[]> {
  const one = (kind: Kind): Promise<Outcome> => measureAnswer(browser, site, kind, answer)
  const done = async (kind: Kind): Promise<Cost> => {
    const cost = await one(kind)
    if (!cost) throw new Error(`The answer was never done: ${kind}.`)
    return cost
  }
  return repeated(async (round) => {
    const [plain, chat] = [await done('plain'), await done('chat')]
    const peers = new Map<Peer, Outcome>()
    for (const [peer, rounds = 0] of Object.entries(peerRounds) as [Peer, number | undefined][])
      if (round < rounds) peers.set(peer, await one(peer))
    return { plain, chat, peers }
  })
}
