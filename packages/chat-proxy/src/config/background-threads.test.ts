import { execFileSync } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** In a process of its own, whose threads they are. Tells how many threads of V8 there are, their priorities, and that of the first thread. */
const PROGRAM = `
  import { readdirSync, readFileSync } from 'node:fs'
  import { getPriority } from 'node:os'
  const { putV8Behind } = await import(process.argv[1])
  putV8Behind()
  const named = (thread) => readFileSync('/proc/self/task/' + thread + '/comm', 'utf8').startsWith('V8Worker')
  const ofV8 = process.platform === 'linux' ? readdirSync('/proc/self/task').filter(named) : []
  console.log(JSON.stringify({ ofV8: ofV8.map((thread) => getPriority(Number(thread))), own: getPriority() }))
`

/** Makes enough for several collections, and keeps some of it. */
const BUSY = `
  const { putV8Behind } = await import(process.argv[1])
  putV8Behind()
  console.log('behind')
  let kept = []
  for (let i = 0; i < 3_000_000; i += 1) if (kept.push({ i }) > 200_000) kept = []
`
const file = fileURLToPath(new URL('background-threads.ts', import.meta.url))

test('the thread that serves waits for no other one when it collects what has just been made', () => {
  const flags = ['--trace-gc', '--trace-parallel-scavenge', '--input-type=module', '--eval', BUSY]
  const output = execFileSync(process.execPath, [...flags, file]).toString()
  const after = output.slice(output.indexOf('behind'))
  const collections = after.match(/ms: Scavenge /g) ?? []
  expect(collections.length).toBeGreaterThan(2)
  expect(after.match(/scavenge\[/g)).toHaveLength(collections.length)
})

test('the threads of V8 stand behind the one that serves, which keeps its own place', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', PROGRAM, file]).toString()
  const { ofV8, own } = JSON.parse(output) as { ofV8: number[]; own: number } // Printed above.
  expect(ofV8).toEqual(ofV8.map(() => Math.min(own + 10, constants.priority.PRIORITY_LOW)))
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (process.platform === 'linux' && major >= 24) expect(ofV8.length).toBeGreaterThan(0)
})
