import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sumCounts } from './counts.mjs'
import { runStages } from './run-stages.mjs'

const passed = { counts: { passed: 1, failed: 0, skipped: 0 }, output: '' }
const services = { provide: () => Promise.resolve({ env: {} }) }

let under
let log
beforeEach(() => {
  under = []
  log = vi.spyOn(console, 'log').mockImplementation(() => {})
})
afterEach(() => log.mockRestore())

/** A stage that notes which others run when it begins, and ends when the others of the moment have had their turn. */
const stage = (name, isQuiet = false) => ({
  name,
  title: name,
  isQuiet,
  async run() {
    under.push(name)
    const beside = [...under]
    await new Promise((resolve) => setImmediate(resolve))
    under = under.filter((one) => one !== name)
    return { ...passed, output: beside.join('+') }
  },
})

test('quiet neighbours run two at a time, every other stage alone', async () => {
  const stages = [stage('a'), stage('b', true), stage('c', true), stage('d', true), stage('e'), stage('f')]
  const counts = await runStages(stages, { services, context: { env: {} } })
  expect(counts).toHaveLength(6)
  const told = log.mock.calls.flat().join('\n')
  for (const alone of ['a', 'e', 'f']) expect(told).toContain(`▶ ${alone}\n${alone}\n✓ ${alone}`)
  expect(told).toContain('▶ c\nb+c\n✓ c')
  expect(told).not.toContain('b+c+d')
})

test('a stage that throws has failed, and the next one runs', async () => {
  const broken = { ...stage('broken', true), run: () => Promise.reject(new Error('no way')) }
  const counts = await runStages([broken, stage('next', true)], { services, context: { env: {} } })
  expect(sumCounts(counts)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  expect(log.mock.calls.flat().join('\n')).toContain('no way')
})
