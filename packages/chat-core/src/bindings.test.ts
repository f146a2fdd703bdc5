import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// Decision 18 says so.
test.each(['react', 'vue', 'svelte'])('the binding for %s is at most 40 lines long', (name) => {
  const text = readFileSync(new URL(`${name}/index.ts`, import.meta.url), 'utf8')
  expect(text.split('\n').length - 1).toBeLessThanOrEqual(40)
})
