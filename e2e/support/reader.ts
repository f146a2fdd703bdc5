import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { PackageRegistry } from './package-registry.ts'

/** Somebody with a shell in an empty folder, who does what the docs say. */
export interface Reader {
  readonly folder: string
  write(name: string, text: string): Promise<void>
  /** Runs commands to their end. @throws Error with what they said when one fails */
  run(commands: string): Promise<void>
  /** Runs a command that stays. Resolves with the match once its output has one. @throws Error when it ends before */
  start(command: string, says: RegExp, settings?: Record<string, string>): Promise<RegExpExecArray>
  /** Ends what was started and removes the folder. */
  leave(): Promise<void>
}

interface Machine {
  readonly registry: PackageRegistry
  /** A folder for what programs keep. */
  readonly home: string
}

export async function newReader({ registry, home }: Machine): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-reader-'))
  const started: ChildProcess[] = []
  const shell = (command: string, settings: Record<string, string> = {}): ChildProcess =>
    spawn('sh', ['-ec', command], {
      cwd: folder,
      env: { ...environment(registry, home), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, because what stays was started by a shell and by npx.
      detached: true,
    })
  return {
    folder,
    async write(name, text) {
      const file = join(folder, name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    },
    async run(commands) {
      await told(shell(commands), null)
    },
    async start(command, says, settings) {
      const child = shell(command, settings)
      started.push(child)
      const match = await told(child, says)
      if (!match) throw new Error(`${command} ended`)
      return match
    },
    async leave() {
      await Promise.all(started.map(end))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Nothing of this machine but its programs: no settings of npm, no cache, no proxy. */
const environment = (registry: PackageRegistry, home: string): Record<string, string> => ({
  HOME: home,
  PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  npm_config_registry: registry.url,
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
})

/** Resolves with the first match, or at a good end with null where none is waited for. */
function told(child: ChildProcess, says: RegExp | null): Promise<RegExpExecArray | null> {
  return new Promise((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const match = says?.exec(output)
        if (match) resolve(match)
      })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0 && says === null) resolve(null)
      else reject(new Error(`ended with ${code}:\n${output}`))
    })
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  process.kill(-child.pid, 'SIGKILL')
  await closed
}
