// `node scripts/configuration-table.mjs` writes the tables of all variables and of the built-in prices into docs/operate.md.
// Build first. A test of this folder fails when they are not what the code says.
import { readFileSync, writeFileSync } from 'node:fs'
import { operateFile, withTables } from './lib/configuration-table.mjs'

writeFileSync(operateFile, await withTables(readFileSync(operateFile, 'utf8')))
