import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NGINX } from '../parts.js'

/** A server under measurement, or one that helps. */
export interface Measured {
  readonly port: number
  /** CPU used so far by it and its children, user and system, in microseconds. */
  cpu(): number
  /** Memory that is resident (RSS), shared pages included, in bytes. */
  memory(): number
  exited(): boolean
  stop(): Promise<void>
}

const here = import.meta.dirname

export async function startUpstream(tokens: number, intervalMs: number): Promise<Measured> {
  const args = [join(here, 'upstream.ts'), String(tokens), String(intervalMs)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  return measured(child, Number(await said(child, /^(\d+)\n/)))
}

/** The proxy as an operator runs it: its own process, SQLite in a folder, limits and storage on. */
export async function startProxy(
  upstream: Pick<Measured, 'port'>,
  env: Record<string, string> = {},
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
  const child = spawn(process.execPath, [join(here, '../../packages/chat-proxy/dist/main.js')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LOG_LEVEL: 'info',
      DATA_DIR: folder,
      LLM_BASE_URL: `http://127.0.0.1:${upstream.port}/v1`,
      LLM_MODEL: 'bench',
      LLM_API_KEY: 'sk-bench',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = Number(await said(child, /listening on http:\S+:(\d+)/))
  return measured(child, port, () => rmSync(folder, { recursive: true, force: true }))
}

export async function startPeerServer(way: string, upstream: Pick<Measured, 'port'>): Promise<Measured> {
  const { child, port } = await forkPeerServer(way, upstream)
  return measured(child, port)
}

/** A server of `peer-server.ts` in front of the endpoint; of what it writes to its log nobody wants to know. */
export async function forkPeerServer(
  way: string,
  upstream: Pick<Measured, 'port'>,
  options: readonly string[] = [],
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const args = [...options, join(here, 'peer-server.ts'), way, String(upstream.port)]
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production' }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore', 'ipc'] })
  return { child, port: Number(await said(child, /^(\d+)\n/)) }
}

/** Portkey's gateway as its package starts it: where to pass calls on to stands in each of them. */
export async function startPortkey(): Promise<Measured> {
  const port = await freePort()
  const program = fileURLToPath(import.meta.resolve('@portkey-ai/gateway/build/start-server.js'))
  const child = spawn(process.execPath, [program, `--port=${port}`, '--headless'], {
    env: { PATH: process.env['PATH'] },
    stdio: 'ignore',
  })
  await untilOpen(port)
  return measured(child, port)
}

/** nginx in front of the same endpoint, passing every piece on at once; null where it is not installed. */
export async function startNginx(upstream: Pick<Measured, 'port'>): Promise<Measured | null> {
  if (NGINX === null) return null
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-nginx-'))
  const port = await freePort()
  writeFileSync(join(folder, 'nginx.conf'), nginxConfig(folder, port, upstream.port))
  const child = spawn(NGINX, ['-c', join(folder, 'nginx.conf')], { stdio: 'inherit' })
  await untilOpen(port)
  return measured(child, port, () => rmSync(folder, { recursive: true, force: true }))
}

const nginxConfig = (folder: string, port: number, upstream: number): string => `
daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 16384; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  upstream model { server 127.0.0.1:${upstream}; keepalive 256; }
  server {
    listen 127.0.0.1:${port} backlog=8192;
    location / {
      proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_read_timeout 300s;
    }
  }
}`

function measured(child: ChildProcess, port: number, clean: () => void = () => {}): Measured {
  const { pid } = child
  if (pid === undefined) throw new Error('The process did not start.')
  const exited = (): boolean => child.exitCode !== null || child.signalCode !== null
  const pids = (): number[] => [pid, ...childrenOf(pid)]
  return {
    port,
    cpu: () => pids().reduce((sum, each) => sum + cpuOf(each), 0),
    memory: () => pids().reduce((sum, each) => sum + memoryOf(each), 0),
    exited,
    async stop() {
      if (!exited()) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      clean()
    },
  }
}

const TICKS_A_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString())

function cpuOf(pid: number): number {
  // The name, in brackets, may hold spaces; `utime` and `stime` are the 12th and 13th after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1e6
}

const memoryOf = (pid: number): number =>
  Number(/^Rss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )

async function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (text.length < 10_000) text += chunk.toString()
      const match = pattern.exec(text)?.[1]
      if (match) resolve(match)
    })
    child.once('exit', () => reject(new Error(`It ended at once: ${text}`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // A listening TCP server has an address of this form.
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function untilOpen(port: number): Promise<void> {
  const giveUp = Date.now() + 10_000
  while (Date.now() < giveUp) {
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => null)
    if (response) return
  }
  throw new Error('The server does not answer.')
}
