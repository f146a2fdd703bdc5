import type { Browser, Page } from 'playwright-core'
import { bringAxe, findingsOf, LOOKS, SCREENS, smallTargetsOf } from '../../e2e/support/looks.js'
import { scaled } from '../figure.js'
import { openPage } from '../widget/open-page.js'
import { launchAlone, NAMES, PEERS, servePeers } from './site.js'
import { within } from './within.js'

/** So long a peer has for one state in all its looks, in ms. */
const PATIENCE = 120_000

/** What rules find in a peer. */
export interface PeerLooks {
  readonly name: string
  readonly states: readonly StateLooks[]
}

/** Of one state; null when it could not be looked at to the end. */
type StateLooks = { readonly findings: number; readonly small: number } | null

/** The states that each peer has, in the looks in which the widget is seen. */
export async function lookAtPeers(): Promise<readonly PeerLooks[]> {
  const site = await servePeers()
  const browser = await launchAlone()
  try {
    const found: PeerLooks[] = []
    for (const peer of NAMES) {
      const { name, look } = PEERS[peer]
      found.push({
        name: look === undefined ? name : `${name}, ${look}`,
        states: await lookAtPeer(browser, `${site.url}/${peer}`),
      })
    }
    return found
  } finally {
    await browser.close()
    await site.close()
  }
}

async function lookAtPeer(browser: Browser, url: string): Promise<readonly StateLooks[]> {
  const names = await onPage(browser, url, (page) => page.evaluate(() => Object.keys(window.peer.states)))
  // A page that does not come up has states, only that nobody has seen them.
  if (names === null) return [null]
  const found: StateLooks[] = []
  for (const state of names.slice(0, scaled(names.length)))
    found.push(await onPage(browser, url, (page) => look(page, state)))
  return found
}

async function onPage<T>(browser: Browser, url: string, task: (page: Page) => Promise<T>): Promise<T | null> {
  const page = await openPage(browser, { reducedMotion: 'reduce' })
  const done = async (): Promise<T> => {
    await page.goto(url)
    await page.waitForFunction(() => Boolean(window.peer), null, { polling: 50 })
    return task(page)
  }
  try {
    return await within(PATIENCE, done())
  } finally {
    await within(PATIENCE, page.close())
  }
}

async function look(page: Page, state: string): Promise<StateLooks> {
  await page.evaluate((state) => window.peer.states[state]?.(), state)
  // As for the widget: time for what was put off.
  await page.waitForTimeout(350)
  await bringAxe(page)
  let [findings, small] = [0, 0]
  for (const { viewport } of SCREENS) {
    await page.setViewportSize(viewport)
    findings += (await findingsOf(page, 'main')).length
    small += (await smallTargetsOf(page)).length
  }
  return { findings, small }
}

/** The peers as a cell of the column _today_. @param checks how often each state is seen for this */
export const peersWith = (of: 'findings' | 'small', checks: number, peers: readonly PeerLooks[]): string =>
  peers.map(({ name, states }) => `${countIn(of, checks, states)} (${name})`).join('; ')

function countIn(of: 'findings' | 'small', checks: number, states: readonly StateLooks[]): string {
  if (states.length === 0) return 'no states'
  const seen = states.filter((state) => state !== null)
  const count = seen.reduce((sum, state) => sum + state[of], 0)
  const lost = states.length - seen.length
  const told = `${count} in ${seen.length} states, ${seen.length * checks} checks`
  return lost === 0 ? told : `${told}, ${lost} not seen`
}

export const CHECKS = { findings: LOOKS * SCREENS.length, small: SCREENS.length }
