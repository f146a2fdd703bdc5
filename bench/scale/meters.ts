import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { Client } from 'pg'

/** What a store has used since it was started. */
export type Readings<K extends string> = Readonly<Record<K, number>>

export interface Meter<K extends string> {
  read(): Promise<Readings<K>>
  close(): Promise<void>
}

const TICKS_A_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString())

/** Fields 14 to 17 of `/proc/<pid>/stat`, in microseconds: its own, user and system, and those of children that have ended. */
function cpuOf(pid: number, withEnded: boolean): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number)
  const ticks = fields.slice(11, withEnded ? 15 : 13).reduce((sum, each) => sum + each, 0)
  return (ticks / TICKS_A_SECOND) * 1e6
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )

/** The whole server, whichever of its processes did the work. */
export async function meterPostgres(url: string): Promise<Meter<'cpu' | 'wal' | 'disk' | 'commits'>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const number = async (query: string): Promise<number> => {
    const { rows } = await client.query<{ value: string }>(query)
    return Number(rows[0]?.value)
  }
  const backend = await number('select pg_backend_pid() as value')
  const server = Number(/ \(.*\) \w (\d+)/.exec(readFileSync(`/proc/${backend}/stat`, 'utf8'))?.[1])
  return {
    async read() {
      // What a transaction has done is counted when its connection is idle again, at the latest after a second.
      await client.query('select pg_stat_force_next_flush(), pg_stat_clear_snapshot()')
      return {
        cpu: childrenOf(server).reduce((sum, pid) => sum + cpuOf(pid, false), cpuOf(server, true)),
        wal: await number(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as value`),
        disk: await number('select pg_database_size(current_database()) as value'),
        commits: await number(
          'select xact_commit as value from pg_stat_database where datname = current_database()',
        ),
      }
    },
    close: () => client.end(),
  }
}

export async function meterRedis(url: string): Promise<Meter<'cpu' | 'commands' | 'memory'>> {
  const redis = new Redis(url)
  return {
    async read() {
      const info = await redis.info()
      const value = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1])
      return {
        cpu: (value('used_cpu_user') + value('used_cpu_sys')) * 1e6,
        commands: value('total_commands_processed'),
        memory: value('used_memory'),
      }
    },
    close: async () => void (await redis.quit()),
  }
}
