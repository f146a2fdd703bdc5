import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { operateFile, withTables } from './lib/configuration-table.mjs'

test('the tables of variables and prices in docs/operate.md are what the code says (else: node scripts/configuration-table.mjs)', async () => {
  const page = readFileSync(operateFile, 'utf8')
  expect(page).toBe(await withTables(page))
})
