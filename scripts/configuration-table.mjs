// `node scripts/configuration-table.mjs` writes the table of all variables into docs/operate.md, from the schema that reads them.
// Build first. A test of this folder fails when the table is not what the schema says.
import { readFileSync, writeFileSync } from 'node:fs'
import { operateFile, withTable } from './lib/configuration-table.mjs'

writeFileSync(operateFile, await withTable(readFileSync(operateFile, 'utf8')))
