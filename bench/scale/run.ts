import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCosts } from './costs.js'
import { fleetFor } from './fleet.js'
import { LOAD, RULES } from './load.js'
import { assumptions, costsTable, fleetTable, numbersOf } from './report.js'

/**
 * `pnpm scale`: the fleet for 10,000 messages a second, and for loads on the way there, from `docs/scale-costs.json`. Writes the tables of
 * `docs/scale.md`; with `--check` it says whether they are up to date.
 */
const PAGE = join(import.meta.dirname, '../../docs/scale.md')
const RATES = [100, 1_000, 10_000]

const costs = readCosts()
const fleets = RATES.map((messagesPerSecond) => {
  const openConversations = (LOAD.openConversations / LOAD.messagesPerSecond) * messagesPerSecond
  const load = { ...LOAD, messagesPerSecond, openConversations }
  return {
    name: `${messagesPerSecond.toLocaleString('en')} messages/s`,
    load,
    fleet: fleetFor(load, costs, RULES),
  }
})
const parts = { costs: costsTable(costs), assumptions: assumptions(LOAD, RULES), fleet: fleetTable(fleets) }

const page = readFileSync(PAGE, 'utf8')
let made = page
for (const [name, text] of Object.entries(parts)) {
  const place = new RegExp(`(<!-- ${name} -->).*?(<!-- end of ${name} -->)`, 's')
  if (!place.test(made)) throw new Error(`docs/scale.md has no place for ${name}.`)
  made = made.replace(place, (_whole, begin: string, end: string) => `${begin}\n\n${text}\n\n${end}`)
}
const numbers = numbersOf(LOAD, RULES)
made = made.replace(/<!-- = (\w+) -->.*?<!-- -->/gs, (_whole, name: string) => {
  const value = numbers[name]
  if (value === undefined) throw new Error(`docs/scale.md names a number that nobody reckons: ${name}.`)
  return `<!-- = ${name} -->${value}<!-- -->`
})
if (!process.argv.includes('--check')) {
  writeFileSync(PAGE, made)
  process.stdout.write(`${Object.values(parts).join('\n\n')}\n`)
} else if (made !== page) {
  process.stderr.write('docs/scale.md is not what `pnpm scale` makes of docs/scale-costs.json.\n')
  process.exitCode = 1
}
