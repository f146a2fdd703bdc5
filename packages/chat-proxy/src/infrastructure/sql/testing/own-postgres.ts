import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DEBIAN = '/usr/lib/postgresql'

function findPrograms(): string | null {
  const given = process.env['TEST_POSTGRES_PROGRAMS']
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [...(given ? [given] : []), ...versions.map((version) => `${DEBIAN}/${version}/bin`)]
  return (
    folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ??
    null
  )
}

const PROGRAMS = findPrograms()

/** After a kill, as long as one of its processes has not gone yet, a new server says this and ends. */
const MEMORY_IN_USE = 'shared memory block'
const MAX_STARTS = 50

/** Whether this machine has a PostgreSQL that tests may start, kill and freeze. Finding its processes needs Linux. */
export const HAS_OWN_POSTGRES = PROGRAMS !== null && process.platform === 'linux'

/** A PostgreSQL of its own. What is committed survives `kill`. */
export class OwnPostgres {
  readonly url: string
  readonly #port: number
  readonly #folder: string
  readonly #user: { readonly uid?: number; readonly gid?: number }
  #process: ChildProcess | null = null

  static async start(): Promise<OwnPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-postgres-'))
    const postgres = new OwnPostgres(await freePort(), folder)
    await postgres.start()
    return postgres
  }

  private constructor(port: number, folder: string) {
    this.#port = port
    this.#folder = folder
    this.#user = ordinaryUser()
    const { uid, gid } = this.#user
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
    const layout = [
      '-D',
      this.#data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ]
    execFileSync(join(PROGRAMS ?? '', 'initdb'), layout, { ...this.#user, cwd: folder, stdio: 'ignore' })
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`
  }

  get #data(): string {
    return join(this.#folder, 'data')
  }

  async start(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const failure = await this.#launch()
      if (failure === null) return
      // Each try takes as long as the server needs to look, and what it waits for is only the end of processes that were killed.
      if (tries === MAX_STARTS || !failure.includes(MEMORY_IN_USE))
        throw new Error(`PostgreSQL did not start (try ${tries}): ${failure}`)
    }
  }

  /** @returns what it said, when it ended instead of being ready; else `null` */
  async #launch(): Promise<string | null> {
    const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' }
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(
      join(PROGRAMS ?? '', 'postgres'),
      ['-D', this.#data, '-p', `${this.#port}`, ...flags],
      {
        ...this.#user,
        cwd: this.#folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    this.#process = child
    let said = ''
    return new Promise((resolve, reject) => {
      // Read to the end: a full pipe would hold the server up.
      child.stderr.on('data', (chunk: Buffer) => {
        if (said.length < 10_000) said += chunk.toString()
        if (/ready to accept connections/.test(said)) resolve(null)
      })
      child.once('error', reject)
      // `close`, unlike `exit`, comes when all that it said has been read.
      child.once('close', () => resolve(said))
    })
  }

  /** As when its machine dies. */
  async kill(): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    this.#signal('SIGKILL')
    await exited
  }

  /** It hangs: connections stay open, new ones are taken, and nothing answers. */
  pause(): void {
    this.#signal('SIGSTOP')
  }

  resume(): void {
    this.#signal('SIGCONT')
  }

  async remove(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }

  /** To the server and all its processes, each of which has a group of its own. */
  #signal(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid
    if (pid === undefined) return
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
    for (const each of [pid, ...children.map(Number)]) {
      try {
        process.kill(each, signal)
      } catch {
        // It has just ended.
      }
    }
  }
}

/** PostgreSQL refuses to run as root. */
function ordinaryUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.')
  return address.port
}
