import { Asker } from './questions.js'
import type { TimedModel } from './timed-model.js'

/** What came of switching one thing off, in ms after it was asked for. */
export interface Switched {
  readonly scope: string
  /** The last new call reached the model; 0: none did. */
  readonly refusedAfter: number
  /** The model's last socket was closed. */
  readonly closedAfter: number
  /** The last reader had been told the end, which is stored before. */
  readonly toldAfter: number
}

const TARGETS = [
  { scope: 'installation' },
  { scope: 'tenant', tenant: 'default' },
  { scope: 'model', model: 'bench' },
] as const
const ASK_EVERY_MS = 20
/** After the switch there are still questions, for so long. */
const GO_ON_MS = 2_500

/** Switches everything off that can be, one after the other, at the first process; the second one answers. */
export async function measureSwitches(
  [here, there]: readonly [number, number],
  model: TimedModel,
  { running, adminToken }: { readonly running: number; readonly adminToken: string },
): Promise<readonly Switched[]> {
  const asker = await Asker.start(there)
  const turn = async (target: (typeof TARGETS)[number], off: boolean): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${here}/api/v1/admin/kill-switches`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...target, off }),
    })
    if (!response.ok) throw new Error(`The switch answered ${response.status}.`)
  }
  const made: Switched[] = []
  for (const target of TARGETS) {
    const answers = await asker.askMany(running)
    const newcomers: string[] = []
    const asking = setInterval(() => newcomers.push(asker.tryToAsk()), ASK_EVERY_MS)
    await pause(500)
    const began = performance.now()
    await turn(target, true)
    const told = await Promise.all(answers.map(({ ended }) => ended))
    await pause(Math.max(0, began + GO_ON_MS - performance.now()))
    clearInterval(asking)
    const reached = newcomers.flatMap((question) => model.calls.get(question) ?? [])
    const closed = await Promise.all([
      ...answers.map(({ id }) => model.closedAt(id)),
      ...reached.map(({ closedAt }) => closedAt),
    ])
    made.push({
      scope: target.scope,
      refusedAfter: Math.max(0, Math.max(...reached.map(({ beganAt }) => beganAt)) - began),
      closedAfter: Math.max(...closed) - began,
      toldAfter: Math.max(...told) - began,
    })
    await turn(target, false)
    await untilOn(asker)
  }
  return made
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The other process hears of it later. */
async function untilOn(asker: Asker): Promise<void> {
  for (;;) {
    const answer = await asker.ask().catch(() => null)
    if (answer) return void (await asker.stop(answer.id))
    await pause(50)
  }
}
