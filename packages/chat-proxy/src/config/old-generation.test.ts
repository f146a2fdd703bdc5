import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/**
 * In a process of its own, as the bound is the whole process's: keeps a hundred thousand things, each replaced when it is old, and tells
 * how many times what they need it took for them.
 */
const PROGRAM = `
  import { setImmediate } from 'node:timers/promises'
  import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
  import { runInNewContext } from 'node:vm'
  const { boundOldGeneration } = await import(process.argv[1])
  if (process.argv[2] === 'bound') boundOldGeneration()
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const used = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space').space_used_size
  const made = (i) => ({ i, words: Array.from({ length: 30 }, (_, word) => word + i) })
  const kept = Array.from({ length: 100_000 }, (_, i) => made(i))
  collect()
  const needed = used()
  let most = 0
  for (let i = 0; i < 700_000; i += 1) {
    kept[i % kept.length] = made(i)
    if (i % 2_000 !== 0) continue
    // What is collected beside the program is told of in a turn of its own.
    await setImmediate()
    most = Math.max(most, used())
  }
  console.log(most / needed)
`
const growth = (how: 'bound' | 'free'): number => {
  const file = fileURLToPath(new URL('old-generation.ts', import.meta.url))
  const args = ['--input-type=module', '--eval', PROGRAM, file, how]
  return Number(execFileSync(process.execPath, args).toString())
}

test('what is kept for long does not grow far beyond what it needs', () => {
  expect(growth('bound')).toBeLessThan(3)
  expect(growth('free')).toBeGreaterThan(3)
})
