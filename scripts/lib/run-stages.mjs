import { countsOfCheck, noCounts } from './counts.mjs'
import { interruption } from './processes.mjs'

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** Checks that say nothing until they have ended may run beside each other: so many. */
const CHECKS_AT_ONCE = 2

/**
 * Runs the stages one after the other, and checks that follow each other side by side; also after one failed, so that one run shows
 * all that is wrong.
 * @param {import('./stages.mjs').Stage[]} stages
 * @param {{ services: import('./services/index.mjs').Services, context: import('./stages.mjs').Context }} environment
 * @returns {Promise<import('./counts.mjs').Counts[]>}
 */
export async function runStages(stages, environment) {
  const all = []
  for (const group of groupsOf(stages)) {
    const waiting = [...group]
    const work = async () => {
      for (let stage = waiting.shift(); stage && !interruption(); stage = waiting.shift()) {
        all.push(await tellStage(stage, environment))
      }
    }
    await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, work))
  }
  return all
}

/** Neighbours that may run side by side; each of the others alone. */
function groupsOf(stages) {
  const groups = []
  for (const stage of stages) {
    const last = groups.at(-1)
    if (stage.isQuiet && last?.[0].isQuiet) last.push(stage)
    else groups.push([stage])
  }
  return groups
}

async function tellStage(stage, environment) {
  // What it shows while it runs belongs under its name; a quiet one needs no announcement.
  if (!stage.isQuiet) console.log(`\n▶ ${stage.title}`)
  const startedAt = performance.now()
  const { counts, output } = await runStage(stage, environment)
  const mark = counts.failed > 0 ? '✗' : counts.passed > 0 ? '✓' : '○'
  if (output && stage.isQuiet) console.log(`\n▶ ${stage.title}`)
  if (output) console.log(output.trimEnd())
  console.log(`${mark} ${stage.title} (${seconds(startedAt)})`)
  return counts
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
