import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { createChatProxy, loadConfig, type ChatModel, type ChatProxy } from '../../src/index.js'
import { NO_LIMITS_ENV } from './no-limits.js'

/** A proxy on a real port of this machine, with SQLite in a folder of its own. */
export interface ServedProxy {
  readonly proxy: ChatProxy
  readonly port: number
  readonly url: string
  close(): Promise<void>
}

export async function serveProxy(model: ChatModel, env: Record<string, string> = {}): Promise<ServedProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-test-'))
  const config = loadConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent', ...NO_LIMITS_ENV, ...env })
  const proxy = await createChatProxy({ ...config, ports: { model } })
  const server = createServer(express().use(proxy.router).use(proxy.notFound))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo
  return {
    proxy,
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      await stop(server)
      await proxy.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  return closed
}
