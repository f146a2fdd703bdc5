import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../dist/main.js')

/** The proxy as a process of its own, so that it can be killed. */
export class ProxyProcess {
  readonly #child: ChildProcess
  readonly port: number
  /** Milliseconds from the start of the process to its listening. */
  readonly startedIn: number

  private constructor(child: ChildProcess, port: number, startedIn: number) {
    this.#child = child
    this.port = port
    this.startedIn = startedIn
  }

  /** @throws Error with what the process printed, when it does not come up */
  static async start(env: Record<string, string>): Promise<ProxyProcess> {
    const began = performance.now()
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'silent', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const port = await listeningPort(child)
    return new ProxyProcess(child, port, performance.now() - began)
  }

  /** SIGKILL: no handler runs, no buffer is flushed. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }
}

async function listeningPort(child: ChildProcess): Promise<number> {
  let said = ''
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk)
    const port = /listening on http:\/\/[^\s]*:(\d+)/.exec(said)?.[1]
    if (!port) continue
    child.stdout?.resume()
    return Number(port)
  }
  const errors: Buffer[] = []
  for await (const chunk of child.stderr ?? []) errors.push(chunk)
  throw new Error(`The proxy did not start: ${said}${Buffer.concat(errors).toString()}`)
}
