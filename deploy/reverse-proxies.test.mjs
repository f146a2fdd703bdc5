import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startProcess } from '../scripts/lib/processes.mjs'
import { findProgram } from '../scripts/lib/services/find.mjs'

const read = (path) => readFileSync(join(import.meta.dirname, path), 'utf8')
const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
const nginx = findProgram(['nginx'], FOLDERS)
const caddy = findProgram(['caddy'], FOLDERS)

const EVENTS = ['first', 'second', 'third', 'last'].map((word) => `data: ${word}\n\n`)

/**
 * A server that streams as the proxy does, but says nothing of buffering, and not in chunks, which some pass on whatever their settings
 * are: what is tested are the settings. `next` sends one event more, and with the last one the end.
 */
async function startUpstream() {
  const seen = []
  let next
  let hasLeft
  const left = new Promise((resolve) => (hasLeft = resolve))
  const server = createServer((incoming, response) => {
    seen.push(incoming.headers)
    if (incoming.url === '/readyz') return void response.end('{}')
    const waiting = [...EVENTS]
    next = () => {
      response.write(waiting.shift())
      if (waiting.length === 0) response.end()
    }
    response.useChunkedEncodingByDefault = false
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.on('close', () => response.writableFinished || hasLeft())
    next()
  })
  const port = await listen(server)
  const stop = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { port, seen, left, next: () => next(), stop }
}

const listen = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))

async function freePort() {
  const server = createSocket()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

let folder
let upstream
let port
const children = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reverse-proxy-'))
  upstream = await startUpstream()
  port = await freePort()
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null) continue
    const closed = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    await closed
  }
  await upstream.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts it and waits until it takes connections. */
async function start(command, args, env = {}) {
  const child = startProcess(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  children.push(child)
  let said = ''
  child.stderr.on('data', (piece) => (said += piece))
  const exited = new Promise((resolve) => child.once('exit', (code) => resolve(`exit ${code}: ${said}`)))
  for (;;) {
    const result = await Promise.race([exited, fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)])
    if (typeof result === 'string') throw new Error(`${command} ended: ${result}`)
    if (result?.ok) return
  }
}

const BROWSER = { 'accept-encoding': 'gzip, br', accept: 'text/event-stream' }

/** Asks for a stream. @param onEvent called with all that has come whenever an event is whole; it may send the next one, or leave */
function readStream(onEvent, headers = BROWSER) {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/api/v1/runs/r/events', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('error', reject)
      response.on('data', (piece) => {
        text += piece
        if (text.endsWith('\n\n')) onEvent(text, asked)
      })
      response.on('end', () => resolve(text))
    })
    asked.on('error', reject).end()
  })
}

/** Each event is sent when the one before has arrived: whoever keeps one for later keeps it for ever. */
const readInStep = (headers) =>
  readStream((text) => {
    if (!text.endsWith(EVENTS.at(-1))) upstream.next()
  }, headers)

/** What both have to do. */
function passesStreamsOn() {
  test('passes every event on before the next one is sent, whatever the browser says it can unpack', async () => {
    expect(await readInStep()).toBe(EVENTS.join(''))
  })

  test('tells the proxy when a reader has gone', async () => {
    await expect(readStream((_text, asked) => asked.destroy())).rejects.toThrow()
    await upstream.left
  })

  test('replaces what a client says of its own address', async () => {
    await readInStep({ ...BROWSER, 'x-forwarded-for': '203.0.113.7' })
    expect(upstream.seen.at(-1)['x-forwarded-for']).toBe('127.0.0.1')
  })
}

describe.skipIf(!nginx)('nginx', () => {
  beforeEach(async () => {
    const site = read('nginx/colloquy.conf')
      .replace('server 127.0.0.1:8787', `server 127.0.0.1:${upstream.port}`)
      .replace('include /etc/nginx/snippets/', `include ${folder}/`)
      .replace(/listen (\[::\]:)?443 ssl http2;/g, (_, v6) => (v6 ? '' : `listen 127.0.0.1:${port};`))
      .replace(/ssl_certificate.*;/g, '')
      .replace(/\nserver \{\s+listen 80;[^}]+\}/, '')
    writeFileSync(join(folder, 'colloquy-proxy.conf'), read('nginx/colloquy-proxy.conf'))
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
       events {} http { access_log off; gzip on; gzip_types text/event-stream;
       ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
       ${site} }`,
    )
    await start(nginx, ['-c', join(folder, 'nginx.conf')])
  })

  passesStreamsOn()

  test('keeps the figures from the internet', async () => {
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404)
  })
})

describe.skipIf(!caddy)('Caddy', () => {
  beforeEach(async () => {
    writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n}\n${read('caddy/Caddyfile')}`)
    await start(caddy, ['run', '--config', join(folder, 'Caddyfile')], {
      SITE_ADDRESS: `http://127.0.0.1:${port}`,
      UPSTREAMS: `127.0.0.1:${upstream.port}`,
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
    })
  })

  passesStreamsOn()
})
