import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether this machine has a Redis that tests may start and kill. */
export const HAS_REDIS_SERVER = spawnSync('redis-server', ['--version']).status === 0

/** A Redis of its own, that forgets everything when it ends. */
export class OwnRedis {
  readonly url: string
  readonly #port: number
  readonly #folder: string
  #process: ChildProcess | null = null

  static async start(): Promise<OwnRedis> {
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-redis-'))
    const redis = new OwnRedis(await freePort(), folder)
    await redis.start()
    return redis
  }

  private constructor(port: number, folder: string) {
    this.#port = port
    this.#folder = folder
    this.url = `redis://127.0.0.1:${port}`
  }

  async start(): Promise<void> {
    const settings = ['--port', `${this.#port}`, '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '']
    const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'ignore'] })
    this.#process = child
    let said = ''
    for await (const chunk of child.stdout) {
      said += String(chunk)
      if (/Ready to accept connections/i.test(said)) break
    }
    if (child.exitCode !== null) throw new Error(`redis-server did not start: ${said}`)
  }

  async kill(): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  /** It hangs: connections stay open and nothing answers. */
  pause(): void {
    this.#process?.kill('SIGSTOP')
  }

  resume(): void {
    this.#process?.kill('SIGCONT')
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.')
  return address.port
}
