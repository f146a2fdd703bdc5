import type { Costs } from './costs.js'
import type { Fleet } from './fleet.js'
import { LOG_RETENTION, SECONDS } from './fleet.js'
import { renewalsPerSecond, type Load, type Rules } from './load.js'

const number = (value: number): string => Math.round(value).toLocaleString('en')
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Three digits and a unit of 1,000. */
export function bytes(value: number): string {
  const power = Math.max(0, Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3)))
  return `${(value / 1000 ** power).toPrecision(3)} ${UNITS[power]}`
}

const cpu = (us: number): string =>
  us >= 1000 ? `${(us / 1000).toPrecision(3)} ms` : `${us.toPrecision(3)} µs`

export function costsTable({ proxy, postgres, redis, network, measured }: Costs): string {
  const rows = [
    ['a start: visitor and conversation', cpu(proxy.cpuPerStart), cpu(postgres.cpuPerStart), '–'],
    [
      'a message, without its tokens',
      cpu(proxy.cpuPerMessage),
      cpu(postgres.cpuPerMessage),
      cpu(redis.cpuPerMessage),
    ],
    ['a token', cpu(proxy.cpuPerToken), '–', cpu(redis.cpuPerToken)],
    [
      'an open stream, each second',
      'its tokens',
      `${postgres.cpuPerStreamSecond > 0 ? cpu(postgres.cpuPerStreamSecond) : 'too little to tell'}, ${bytes(postgres.walPerStreamSecond)} of WAL`,
      'its tokens',
    ],
    ['an open stream, memory', bytes(proxy.memoryPerStream), '–', 'its log'],
    [
      'a message, written',
      '–',
      `${postgres.commitsPerMessage.toFixed(1)} commits, ${bytes(postgres.walPerMessage)} of WAL, ${bytes(postgres.diskPerMessage)} on disk`,
      `${redis.commandsPerMessage.toFixed(0)} commands, ${bytes(redis.memoryPerMessage)}`,
    ],
    [
      'a token, written',
      '–',
      '–',
      `${redis.commandsPerToken.toFixed(1)} commands, ${bytes(redis.memoryPerToken)}`,
    ],
    ['a token, to its reader', bytes(network.bytesPerToken), '–', '–'],
    ['nothing to do, memory', bytes(proxy.memory), '–', '–'],
  ]
  const head = table(['what', 'proxy', 'PostgreSQL', 'Redis'], rows)
  const { day, seconds, machine, busy, tokens, intervalMs, rounds, streams } = measured
  const work =
    busy < 1
      ? ''
      : ' The machine had other work, so processor figures are rather too high: measure on yours before you buy.'
  return `${head}

Measured by \`pnpm scale measure\` on ${day}, in ${seconds} s, on ${machine}; load average before it ${busy.toFixed(1)}.${work} Answers of
${tokens.join(' and of ')} tokens, ${1000 / intervalMs} tokens a second, tell what a message costs from what its tokens do: medians of ${rounds} rounds, without what the parts
use when nothing happens. Limits are counted, and none is met. Memory is that of ${number(streams)} streams open at once; each of more
needs less: [Benchmarks](benchmarks.md#many-open-streams) has that of 5,000, on SQLite.`
}

/** Numbers in the text of the page, by the names that stand around them. */
export function numbersOf(load: Load, rules: Rules): Readonly<Record<string, string>> {
  return {
    rate: number(load.messagesPerSecond),
    open: number(load.openConversations),
    renewals: number(renewalsPerSecond(load)),
    session: `${load.secondsPerSession / 60} minutes`,
    length: `${load.secondsPerAnswer} seconds`,
    answers: number(load.messagesPerSecond * load.secondsPerAnswer),
    tokens: number(load.messagesPerSecond * load.tokensPerAnswer),
    minutes: `${SECONDS / 60} minutes`,
    retention: `${LOG_RETENTION / 60} minutes`,
    rows: number(rules.rowsPerPartition),
  }
}

export function fleetTable(
  fleets: readonly { readonly name: string; readonly load: Load; readonly fleet: Fleet }[],
): string {
  const row = (what: string, value: (one: (typeof fleets)[number]) => string): string[] => [
    what,
    ...fleets.map(value),
  ]
  return table(
    ['', ...fleets.map(({ name }) => name)],
    [
      row('pages with the chat open', ({ load }) => number(load.openConversations)),
      row('answers under way', ({ load }) => number(load.messagesPerSecond * load.secondsPerAnswer)),
      row('tokens a second', ({ load }) => number(load.messagesPerSecond * load.tokensPerAnswer)),
      row('**proxy** processes that bear it', ({ fleet }) => number(fleet.proxies.needed)),
      row(
        'processes with one zone of three away',
        ({ fleet }) => `**${number(fleet.proxies.processes)}**, a core each`,
      ),
      row('of a core, fullest of 1,000 seconds', ({ fleet }) => `${(fleet.proxies.cpu * 100).toFixed(0)} %`),
      row('streams of one, fullest of 1,000 seconds', ({ fleet }) => number(fleet.proxies.streams)),
      row('memory of one', ({ fleet }) => bytes(fleet.proxies.memory)),
      row('**PostgreSQL** cores', ({ fleet }) => `**${number(Math.ceil(fleet.postgres.cores))}**`),
      row('commits a second', ({ fleet }) => number(fleet.postgres.commitsPerSecond)),
      row('WAL a second', ({ fleet }) => bytes(fleet.postgres.wal)),
      row('rows of messages a day', ({ fleet }) => number(fleet.postgres.rowsPerDay)),
      row(
        'disk a day · kept',
        ({ fleet }) => `${bytes(fleet.postgres.diskPerDay)} · ${bytes(fleet.postgres.disk)}`,
      ),
      row('partitions of messages', ({ fleet }) => number(fleet.postgres.partitions)),
      row('servers, by connections alone', ({ fleet }) => number(fleet.postgres.servers)),
      row('**Redis** commands a second', ({ fleet }) => number(fleet.redis.commandsPerSecond)),
      row('cores', ({ fleet }) => fleet.redis.cores.toFixed(1)),
      row('memory', ({ fleet }) => bytes(fleet.redis.memory)),
      row('masters', ({ fleet }) => `**${number(fleet.redis.masters)}**`),
      row(
        'slots of each · fullest beside the mean',
        ({ fleet }) => `${number(fleet.redis.slotsPerMaster)} · ${fleet.redis.fullest.toFixed(2)}`,
      ),
      row('**to readers**', ({ fleet }) => `${(fleet.network / 1e9).toFixed(2)} Gbit/s`),
    ],
  )
}

export const assumptions = (load: Load, rules: Rules): string =>
  [
    `- An answer has ${load.tokensPerAnswer} tokens and takes ${load.secondsPerAnswer} s; every ${Math.round(1 / load.shareOfStarts)}th message begins a conversation; what was said is kept for ${load.days} days.`,
    `- A process may use ${rules.cpu * 100} % of a core in the fullest of a thousand seconds, Redis ${rules.redisCpu * 100} % of its one; one zone of ${rules.zones} may be away.`,
    `- A Redis holds at most ${bytes(rules.redisMemory)}, a partition ${number(rules.rowsPerPartition)} rows; a PostgreSQL has at most ${rules.connections} connections, a process takes ${rules.connectionsPerProcess}.`,
  ].join('\n')
