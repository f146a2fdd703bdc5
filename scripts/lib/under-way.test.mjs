import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { root } from './paths.mjs'
import { run } from './processes.mjs'
import UnderWayReporter, { toldUnderWay, underWay } from './under-way.mjs'

let folder
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'colloquy-under-way-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const module = (name) => ({ moduleId: join(root, name) })

test('tells which files were running and how many had not begun', () => {
  const file = join(folder, 'files')
  for (const [name, value] of Object.entries(underWay(file).env)) vi.stubEnv(name, value)
  expect(toldUnderWay(file)).toBe('')
  const reporter = new UnderWayReporter()
  reporter.onTestRunStart([module('a'), module('b'), module('c'), module('d')])
  for (const name of ['a', 'b', 'c']) reporter.onTestModuleQueued(module(name))
  reporter.onTestModuleEnd(module('b'))
  expect(toldUnderWay(file)).toBe('Still running:\n  a\n  c\nNot begun: 1 files.\n')
  vi.unstubAllEnvs()
})

test('a command that takes too long is ended, and the output says so', async () => {
  const endless = ['-e', 'process.stdout.write("begun"); setInterval(() => {}, 1000)']
  const { code, output, isTooLate } = await run(process.execPath, endless, { timeoutMs: 300 })
  expect({ code, isTooLate }).toEqual({ code: 137, isTooLate: true })
  expect(output).toContain('Stopped after 0.3 s, which is the most it may take')
})
