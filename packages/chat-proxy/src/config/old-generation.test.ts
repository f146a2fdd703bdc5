import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** In a process of its own, as the bound is the whole process's: what it keeps is replaced when it is old; tells the largest size. */
const PROGRAM = `
  import { getHeapSpaceStatistics } from 'node:v8'
  const { boundOldGeneration } = await import(process.argv[1])
  if (process.argv[2] === 'bound') boundOldGeneration()
  const kept = Array.from({ length: 200_000 }, (_, i) => ({ i, pair: [i, i, i, i] }))
  let largest = 0
  for (let i = 0; i < 1_000_000; i += 1) {
    kept[i % kept.length] = { i, pair: [i, i, i, i] }
    if (i % 10_000 !== 0) continue
    const { space_used_size: size } = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')
    largest = Math.max(largest, size)
  }
  console.log(largest)
`
const largestOld = (how: 'bound' | 'free'): number => {
  const file = fileURLToPath(new URL('old-generation.ts', import.meta.url))
  const args = ['--input-type=module', '--eval', PROGRAM, file, how]
  return Number(execFileSync(process.execPath, args).toString())
}

test('the old generation of a busy process holds little garbage', () => {
  expect(largestOld('bound')).toBeLessThan(100_000_000)
  expect(largestOld('free')).toBeGreaterThan(100_000_000)
})
