import { countsOfCheck, noCounts } from './counts.mjs'
import { interruption } from './processes.mjs'

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/**
 * Runs the stages one after the other, also after one failed, so that one run shows all that is wrong.
 * @param {import('./stages.mjs').Stage[]} stages
 * @param {{ services: import('./services/index.mjs').Services, context: import('./stages.mjs').Context }} environment
 * @returns {Promise<import('./counts.mjs').Counts[]>}
 */
export async function runStages(stages, environment) {
  const all = []
  for (const stage of stages) {
    if (interruption()) break
    console.log(`\n▶ ${stage.title}`)
    const startedAt = performance.now()
    const { counts, output } = await runStage(stage, environment)
    if (output) console.log(output.trimEnd())
    const mark = counts.failed > 0 ? '✗' : counts.passed > 0 ? '✓' : '○'
    console.log(`${mark} ${stage.title} (${seconds(startedAt)})`)
    all.push(counts)
  }
  return all
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
