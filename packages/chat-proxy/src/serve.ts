import { existsSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { join } from 'node:path'
import express, { type Express } from 'express'
import { createChatProxy, type ChatProxy } from './composition-root.js'
import { ConfigError, type Config } from './config/config.js'
import { loadConfig } from './config/load-config.js'
import { readEnvironment } from './config/read-environment.js'
import { DomainError } from './domain/errors.js'
import { frontPage } from './presentation/http/front-page.js'
import { createHttpServer } from './presentation/http/http-server.js'
import { widgetFiles } from './presentation/http/widget-files.js'

export interface ServeOptions {
  /** Mounts pages of your own on the same server; the proxy's routes come first, and its own page at `/` is left to yours. */
  readonly site?: (app: Express, proxy: Pick<ChatProxy, 'isDemo'>) => void
}

/**
 * Runs the proxy as this process: reads the configuration from the environment and `.env`, listens, and prints the
 * address. SIGINT, SIGTERM or the end of the parent's IPC channel drains and stops it; a second signal stops it at once.
 * What is wrong with the configuration or the start is told on standard error, and the process ends with 1.
 */
export async function serve(options: ServeOptions = {}): Promise<void> {
  // Output that nobody takes any more (a closed pipe) is no reason to end: answers are under way.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
  try {
    const config = loadConfig(readEnvironment())
    requireWidget(config)
    const { proxy, server, address } = await start(config, options)
    // Before the address is told: whoever waited for it may already ask for the end.
    stopOnSignal(config, proxy, server)
    say(`Colloquy is listening on ${address}`)
    for (const line of builtInPriceLines(config)) say(line)
    if (proxy.isDemo)
      say('No model is configured: the built-in demo model answers. Set LLM_PROVIDER to change that.')
    // At once, and not at the end of the process as node would: a process that is killed has no end.
    flushCompileCache()
  } catch (error) {
    for (const line of problemsOf(error)) process.stderr.write(`${line}\n`)
    process.exitCode = 1
  }
}

/** A folder without the widget would be a page without a chat, and no word of why. @throws ConfigError */
function requireWidget({ server: { widgetDir } }: Config): void {
  if (widgetDir === null || existsSync(join(widgetDir, 'widget.js'))) return
  throw new ConfigError([
    'WIDGET_DIR: there is no widget.js in that folder; it has to be dist/cdn of @colloquy/chat-widget',
  ])
}

async function start(
  config: Config,
  { site }: ServeOptions,
): Promise<{ proxy: ChatProxy; server: Server; address: string }> {
  const proxy = await createChatProxy(config).catch((error: unknown) => {
    throw error instanceof DomainError ? new ConfigError([storeProblem(config)]) : error
  })
  const app = express()
  app.disable('x-powered-by')
  app.use(proxy.router)
  app.use('/api', proxy.notFound)
  const { widgetDir } = config.server
  if (widgetDir !== null) app.use('/widget', widgetFiles(widgetDir))
  site?.(app, proxy)
  app.get('/', frontPage({ hasWidget: widgetDir !== null }))
  app.use(proxy.notFound)
  const server = createHttpServer(app)
  try {
    await listenForMetrics(proxy, config)
    return { proxy, server, address: await listen(server, { ...config.server, variable: 'PORT' }) }
  } catch (error) {
    await proxy.close()
    throw error
  }
}

/** Where nothing but the metrics is, if the configuration wants that. It is no reason for the process to stay. */
async function listenForMetrics(proxy: ChatProxy, { server: { host }, metrics }: Config): Promise<void> {
  if (!proxy.metrics || metrics === null || metrics.port === null) return
  const app = express()
  app.disable('x-powered-by')
  app.get('/metrics', proxy.metrics)
  app.use(proxy.notFound)
  const server = createHttpServer(app)
  await listen(server, { host, port: metrics.port, variable: 'METRICS_PORT' })
  server.unref()
}

interface Place {
  readonly host: string
  readonly port: number
  /** That says so. */
  readonly variable: 'PORT' | 'METRICS_PORT'
}

function listen(server: Server, place: Place): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ConfigError([listenProblem(error.code, place)])),
    )
    server.listen(place.port, place.host, () => resolve(addressOf(server)))
  })
}

function addressOf(server: Server): string {
  // A listening TCP server has an address of this form; `null` and a string are for others.
  const { address, port, family } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

/** After the answers have ended, their readers still take the last bytes; this long. */
const LAST_BYTES_MS = 1_000
/** Beyond the grace time: what may not be exceeded whatever hangs. */
const FORCE_MS = 5_000

function stopOnSignal(config: Config, proxy: ChatProxy, server: Server): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    say('Stopping: running answers may finish.')
    setTimeout(() => process.exit(1), config.server.shutdownGraceMs + FORCE_MS).unref()
    void shutDown(config, proxy, server).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  // Started by another program over IPC: when that one is gone, nobody is left to stop us.
  if (process.channel) process.once('disconnect', stop)
}

async function shutDown(config: Config, proxy: ChatProxy, server: Server): Promise<void> {
  await proxy.drain(config.server.shutdownGraceMs)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  setTimeout(() => server.closeAllConnections(), LAST_BYTES_MS).unref()
  await closed
  await proxy.close()
}

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.problems
  // A fault of ours; messages of libraries may quote settings, so only the place is told.
  const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 4).join('\n') : ''
  return [`The start failed (${error instanceof Error ? error.name : 'unknown'}).`, stack]
}

/** Whoever pays should know which prices are only as new as this version. */
function builtInPriceLines({ model, prices }: Config): readonly string[] {
  const names = model.kind === 'demo' ? [] : model.providers.map((provider) => provider.model)
  return [...new Set(names)].flatMap((name) => {
    const { prompt, completion, asOf } = prices.of(name) ?? {}
    if (prompt === undefined || completion === undefined || asOf === undefined) return []
    return [
      `Cost of ${name} is counted at $${prompt / 1e6} and $${completion / 1e6} for a million tokens of question and answer, as of ${asOf}. Set PRICES if that has changed.`,
    ]
  })
}

const storeProblem = ({ store }: Config): string =>
  store.kind === 'postgres'
    ? 'DATABASE_URL: the database cannot be reached or refuses the login; check the address and that it is running'
    : 'DATA_DIR: the database cannot be opened there; it must be a folder that this user may write, on a disk with room'

function listenProblem(code: string | undefined, { port, variable }: Place): string {
  if (code === 'EADDRINUSE')
    return `${variable}: ${port} is in use by another process; choose another one or stop that process`
  if (code === 'EACCES') return `${variable}: this user may not listen on ${port}; choose one from 1024 on`
  return `HOST: cannot listen there (${code ?? 'unknown'}); set an address of this machine`
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
