import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { NO_LIMITS_ENV } from './no-limits.js'

const MAIN = join(import.meta.dirname, '../../dist/main.js')

/** The proxy as a process of its own, so that it can be killed. */
export class ProxyProcess {
  readonly #child: ChildProcess
  readonly port: number
  /** Milliseconds from the start of the process to its listening. */
  readonly startedIn: number

  readonly #output: Output

  private constructor(child: ChildProcess, output: Output, port: number, startedIn: number) {
    this.#child = child
    this.#output = output
    this.port = port
    this.startedIn = startedIn
  }

  /** Without limits, unless `env` says otherwise. @throws Error with what the process printed, when it does not come up */
  static async start(env: Record<string, string>): Promise<ProxyProcess> {
    const began = performance.now()
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'silent', ...NO_LIMITS_ENV, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = new Output(child)
    const port = await output.port
    return new ProxyProcess(child, output, port, performance.now() - began)
  }

  /** All that it has printed until now, its log included. */
  get printed(): string {
    return this.#output.text
  }

  /** Closes the pipes that it writes its output to. */
  closeOutput(): void {
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
  }

  /** SIGKILL: no handler runs, no buffer is flushed. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** It stands still, as on a machine that sleeps; its connections stay open. */
  pause(): void {
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#child.kill('SIGCONT')
  }

  /** SIGTERM, as an orchestrator does it. @returns the exit code */
  async terminate(): Promise<number | null> {
    await this.#end('SIGTERM')
    return this.#child.exitCode
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill(signal)
    await once(this.#child, 'exit')
  }
}

/** Both pipes are read to their end, because a full or closed one would hold the process up. */
class Output {
  text = ''
  /** On which the process listens. @throws Error when it ends before */
  readonly port: Promise<number>

  constructor(child: ChildProcess) {
    this.port = new Promise((resolve, reject) => {
      const listen = (chunk: Buffer): void => {
        this.text += chunk.toString()
        const port = /listening on http:\/\/[^\s]*:(\d+)/.exec(this.text)?.[1]
        if (port) resolve(Number(port))
      }
      child.stdout?.on('data', listen)
      child.stderr?.on('data', listen)
      child.once('exit', () => reject(new Error(`The proxy did not start: ${this.text}`)))
    })
  }
}
