import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SERVER = fileURLToPath(new URL('../../examples/demo-site/server.mjs', import.meta.url))

/** A server as an operator runs it: a process of its own, with throw-away data and no settings of this machine. */
export interface ServerProcess {
  /** All that it wrote to stdout and stderr so far. */
  output(): string
  /** Resolves when the output matches. @throws Error when the process ends first. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  signal(name: NodeJS.Signals): void
  /** Resolves with the exit code; null when a signal killed it. */
  readonly exited: Promise<number | null>
  /** Ends the process, if it still runs, and removes its data. */
  dispose(): Promise<void>
}

/** @param settings The whole configuration; a `.env` of the checkout is not seen. */
export function startServer(settings: Record<string, string>): ServerProcess {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-e2e-'))
  const env = { PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), ...settings }
  const child = spawn(process.execPath, [SERVER], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const listener of listeners) listener()
    })
  }
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code))
  })
  return {
    output: () => output,
    exited,
    signal: (name) => child.kill(name),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output)
          if (!match) return
          listeners.delete(look)
          resolve(match)
        }
        listeners.add(look)
        look()
        void exited.then(() =>
          reject(new Error(`The server ended without saying ${String(pattern)}:\n${output}`)),
        )
      }),
    dispose: async () => {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A running demo site on a free port. */
export interface Site extends ServerProcess {
  readonly url: string
}

export async function startSite(settings: Record<string, string> = {}): Promise<Site> {
  const server = startServer({ PORT: '0', ...settings })
  const [, url] = await server.says(/listening on (http:\S+)/)
  return { ...server, url: url ?? '' }
}
