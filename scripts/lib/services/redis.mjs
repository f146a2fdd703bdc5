import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDaemon } from './daemon.mjs'
import { aptInstall, findProgram } from './find.mjs'
import { freePort } from './free-port.mjs'

/** @returns {Promise<import('./index.mjs').Service>} */
export async function provideRedis() {
  if (process.env.TEST_REDIS_URL) return { env: {} }
  let binary = findProgram(['redis-server'])
  if (!binary) {
    const missing = await aptInstall('redis-server')
    binary = findProgram(['redis-server'])
    if (!binary) return { missing: missing || 'redis-server is not on the PATH' }
  }
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-redis-'))
  const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' }
  const stop = await startDaemon({
    command: binary,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    readyLine: /Ready to accept connections/i,
    stopSignal: 'SIGTERM',
    folder,
  })
  return { env: { TEST_REDIS_URL: `redis://127.0.0.1:${port}` }, stop }
}
