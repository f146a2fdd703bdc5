import { seededRandom } from '@colloquy/chat-core/testing'
import type { Exposure } from '../../e2e/support/expose.js'
import { exposePeer, type Showing, type Shown } from './expose-peer.js'
import { launchAlone, NAMES, PEERS, servePeers, type PeerName } from './site.js'

/** So many pages of a peer at a time. */
const PAGES = 4

/** What hostile answers have caused on the pages of a peer. */
export interface PeerExposure {
  readonly name: string
  readonly shown: readonly Shown[]
}

/** Shows the payloads on a bare page of each peer: whole, and in pieces where the peer takes streams. */
export async function exposePeers(
  payloads: readonly string[],
  seed: number,
): Promise<readonly PeerExposure[]> {
  const site = await servePeers()
  try {
    const found: PeerExposure[] = []
    for (const peer of NAMES)
      found.push({
        name: PEERS[peer].streams ? PEERS[peer].name : `${PEERS[peer].name}, whole only`,
        shown: await exposures(peer, site.url, showingsOf(peer, payloads, seed)),
      })
    return found
  } finally {
    await site.close()
  }
}

function showingsOf(peer: PeerName, payloads: readonly string[], seed: number): readonly Showing[] {
  const random = seededRandom(seed)
  return payloads.flatMap((payload) => {
    const cut = Math.floor(random() * payload.length)
    const whole: Showing = [payload]
    return PEERS[peer].streams ? [whole, [payload.slice(0, cut), payload.slice(cut)]] : [whole]
  })
}

/** A browser of its own for each peer: one that an answer ends ends no other. */
async function exposures(
  peer: PeerName,
  site: string,
  showings: readonly Showing[],
): Promise<readonly Shown[]> {
  const browser = await launchAlone()
  const shown: Shown[] = []
  const onShown = (each: Shown): void => void shown.push(each)
  const lanes = Array.from({ length: PAGES }, (_, lane) =>
    showings.filter((_, index) => index % PAGES === lane),
  )
  try {
    await Promise.all(lanes.map((lane) => exposePeer(browser, `${site}/${peer}`, lane, onShown)))
    return shown
  } finally {
    await browser.close()
  }
}

/** The peers as a cell of the column _today_: how many of the answers that each has shown caused something of this kind. */
export const peersThatCaused = (kind: keyof Exposure, peers: readonly PeerExposure[]): string =>
  peers.map(({ name, shown }) => `${causedBy(kind, shown)} (${name})`).join('; ')

/** Of what can be left, that which has a script or brings one: handlers, script links, frames, what changes all links. */
const SCRIPTED =
  /^(?:on|srcdoc$|link to (?:javascript|vbscript|data):|<(?:script|iframe|frame|object|embed|base|meta|link)>)/

function causedBy(kind: keyof Exposure, all: readonly Shown[]): string {
  const shown = all.filter((each) => each !== null)
  const count = (is: (fault: string) => boolean): string =>
    inWords(shown.filter((each) => each[kind].some(is)).length)
  const lost = all.length - shown.length
  return [
    `${count(() => true)} of ${inWords(shown.length)} answers`,
    ...(kind === 'left' ? [`${count((fault) => SCRIPTED.test(fault))} with script`] : []),
    ...(lost > 0 ? [`${inWords(lost)} not shown`] : []),
  ].join(', ')
}

const inWords = (count: number): string => count.toLocaleString('en')
