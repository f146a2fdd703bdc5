import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { operateFile, withTable } from './lib/configuration-table.mjs'

test('the table of variables in docs/operate.md is what the schema says (else: node scripts/configuration-table.mjs)', async () => {
  const page = readFileSync(operateFile, 'utf8')
  expect(page).toBe(await withTable(page))
})
