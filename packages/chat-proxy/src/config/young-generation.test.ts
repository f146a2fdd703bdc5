import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** In a process of its own, as the bound is the whole process's: keeps a tenth of what it makes, and tells the largest size. */
const PROGRAM = `
  import { getHeapSpaceStatistics } from 'node:v8'
  const { boundYoungGeneration } = await import(process.argv[1])
  if (process.argv[2] === 'bound') boundYoungGeneration()
  const kept = []
  let largest = 0
  for (let round = 0; round < 100; round += 1) {
    for (let i = 0; i < 30_000; i += 1) if (i % 10 === 0) kept.push({ i, pair: [i] })
      else kept[0] = { i, pair: [i] }
    const { space_size: size } = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    largest = Math.max(largest, size)
  }
  console.log(largest)
`
const largestYoung = (how: 'bound' | 'free'): number => {
  const file = fileURLToPath(new URL('young-generation.ts', import.meta.url))
  const args = ['--input-type=module', '--eval', PROGRAM, file, how]
  return Number(execFileSync(process.execPath, args).toString())
}

test('the young generation of a busy process stays small', () => {
  expect(largestYoung('bound')).toBeLessThanOrEqual(24 * 1024 * 1024)
  expect(largestYoung('free')).toBeGreaterThan(24 * 1024 * 1024)
})
