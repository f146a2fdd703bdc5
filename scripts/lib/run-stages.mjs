import { countsOfCheck, noCounts } from './counts.mjs'
import { Patience } from './patience.mjs'
import { interruption } from './processes.mjs'

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** So many checks run at a time. */
const CHECKS_AT_ONCE = 2

/**
 * Runs the stages one after the other, and checks beside each other and beside the stages after them, in the time that those leave;
 * also after one failed, so that one run shows all that is wrong.
 * @param {import('./stages.mjs').Stage[]} stages
 * @param {{ services: import('./services/index.mjs').Services, context: import('./stages.mjs').Context }} environment
 * @returns {Promise<import('./counts.mjs').Counts[]>}
 */
export async function runStages(stages, environment) {
  const teller = new Teller()
  const patience = new Patience()
  const checks = []
  const counts = []
  const inTurn = limit(CHECKS_AT_ONCE)
  for (const stage of stages) {
    if (stage.isQuiet) checks.push(inTurn(() => patience.run(() => runCheck(stage, environment, teller))))
    else counts.push(...(await teller.withhold(() => runAlone(stage, environment))))
  }
  patience.end()
  return [...counts, ...(await Promise.all(checks)).flat()]
}

/** Starts what it is given as soon as fewer than `most` of it are under way. */
function limit(most) {
  let underWay = 0
  const waiting = []
  return async (work) => {
    if (underWay === most) await new Promise((resolve) => waiting.push(resolve))
    else underWay += 1
    try {
      return await work()
    } finally {
      // Whoever waits takes the place over.
      if (waiting.length > 0) waiting.shift()()
      else underWay -= 1
    }
  }
}

/** What checks say waits while a stage shows what it does. */
class Teller {
  #withheld = null

  tell(text) {
    if (this.#withheld) this.#withheld.push(text)
    else console.log(text)
  }

  async withhold(work) {
    this.#withheld = []
    try {
      return await work()
    } finally {
      for (const text of this.#withheld) console.log(text)
      this.#withheld = null
    }
  }
}

/** A stage that shows what it does while it runs, below its name. */
async function runAlone(stage, environment) {
  if (interruption()) return []
  console.log(`\n▶ ${stage.title}`)
  const { counts, output, end } = await runToEnd(stage, environment)
  if (output) console.log(output.trimEnd())
  console.log(end)
  return [counts]
}

/** A check needs no announcement, and a name above its words only when it has any. */
async function runCheck(stage, environment, teller) {
  if (interruption()) return []
  const { counts, output, end } = await runToEnd(stage, environment)
  if (output) teller.tell(`\n▶ ${stage.title}\n${output.trimEnd()}`)
  teller.tell(end)
  return [counts]
}

async function runToEnd(stage, environment) {
  const startedAt = performance.now()
  const { counts, output } = await runStage(stage, environment)
  const mark = counts.failed > 0 ? '✗' : counts.passed > 0 ? '✓' : '○'
  return { counts, output, end: `${mark} ${stage.title} (${seconds(startedAt)})` }
}

async function runStage(stage, { services, context }) {
  const needed = await Promise.all((stage.needs ?? []).map((name) => services.provide(name)))
  if (needed.some(({ missing }) => missing)) return { counts: { ...noCounts, skipped: 1 }, output: '' }
  const used = await Promise.all((stage.uses ?? []).map((name) => services.provide(name)))
  const env = Object.assign({}, context.env, ...[...needed, ...used].map((service) => service.env))
  try {
    return await stage.run({ ...context, env })
  } catch (error) {
    return { counts: countsOfCheck(1), output: String(error.stack) }
  }
}
