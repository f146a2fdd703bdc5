import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import {
  createChatProxy,
  loadConfig,
  type ChatModel,
  type ChatProxy,
  type ChatProxyOptions,
} from '../../src/index.js'
import { createHttpServer } from '../../src/presentation/http/http-server.js'
import { NO_LIMITS_ENV } from './no-limits.js'

/** A proxy on a real port of this machine, with SQLite in a folder of its own. */
export interface ServedProxy {
  readonly proxy: ChatProxy
  readonly port: number
  readonly url: string
  /** Where its database is. */
  readonly folder: string
  /** Connections of clients that are open. */
  connections(): Promise<number>
  close(): Promise<void>
}

export const serveProxy = (model: ChatModel, env: Record<string, string> = {}): Promise<ServedProxy> =>
  serveWith({ model }, env)

/** With technologies of the test's own. */
export async function serveWith(
  ports: NonNullable<ChatProxyOptions['ports']>,
  env: Record<string, string>,
): Promise<ServedProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-test-'))
  const config = loadConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent', ...NO_LIMITS_ENV, ...env })
  const proxy = await createChatProxy({ ...config, ports })
  const server = createHttpServer(express().use(proxy.router).use(proxy.notFound))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo
  return {
    proxy,
    port,
    url: `http://127.0.0.1:${port}`,
    folder,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
      }),
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
