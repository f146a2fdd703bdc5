import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sumCounts } from './counts.mjs'
import { run } from './processes.mjs'
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

test('checks run beside each other, two at a time, and beside what follows them; every other stage waits for the one before it', async () => {
  const stages = [stage('a'), stage('b', true), stage('c', true), stage('d', true), stage('e'), stage('f')]
  const counts = await runStages(stages, { services, context: { env: {} } })
  expect(counts).toHaveLength(6)
  const told = log.mock.calls.flat().join('\n')
  expect(told).toContain('▶ a\na\n✓ a')
  expect(told).toContain('▶ e\nb+c+e\n✓ e')
  expect(told).toContain('✓ d')
  expect(told).not.toMatch(/b\S*c\S*d|e\S*f/)
})

test('what a check says waits for the end of the stage that shows what it does', async () => {
  const check = stage('check', true)
  const shown = {
    ...stage('shown'),
    async run() {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      console.log('still at it')
      return { ...passed, output: 'done' }
    },
  }
  await runStages([check, shown, stage('last')], { services, context: { env: {} } })
  const told = log.mock.calls.flat().map((text) => text.replace(/ \([^)]*\)/, ''))
  expect(told).toEqual([
    '\n▶ shown',
    'still at it',
    'done',
    '✓ shown',
    '\n▶ check\ncheck',
    '✓ check',
    '\n▶ last',
    'last',
    '✓ last',
  ])
})

test.runIf(process.platform !== 'win32')(
  'checks leave the processors to the stages beside them, as long as there are any',
  async () => {
    const niceness = async () => (await run('nice', [])).output.trim()
    const [looked, ended] = [Promise.withResolvers(), Promise.withResolvers()]
    const check = async () => {
      const before = await niceness()
      looked.resolve()
      await ended.promise
      // Its promise is the last thing of a stage but one.
      await new Promise((resolve) => setImmediate(resolve))
      return { ...passed, output: `${before}, then ${await niceness()}` }
    }
    const tests = async () => {
      await looked.promise
      const output = await niceness()
      ended.resolve()
      return { ...passed, output }
    }
    const stages = [
      { ...stage('check', true), run: check },
      { ...stage('tests'), run: tests },
    ]
    await runStages(stages, { services, context: { env: {} } })
    const told = log.mock.calls.flat().join('\n')
    const [, usual] = /▶ tests\n(\d+)/.exec(told)
    expect(told).toContain(`▶ check\n${Number(usual) + 10}, then ${usual}\n`)
  },
)

test('a stage that throws has failed, and the next one runs', async () => {
  const broken = { ...stage('broken', true), run: () => Promise.reject(new Error('no way')) }
  const counts = await runStages([broken, stage('next', true)], { services, context: { env: {} } })
  expect(sumCounts(counts)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  expect(log.mock.calls.flat().join('\n')).toContain('no way')
})
