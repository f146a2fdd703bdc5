import { request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import express, { type Express, type RequestHandler } from 'express'
import { createWorld, type WorldOptions } from '../../../application/testing/test-world.js'
import { TABLES } from '../../../infrastructure/sql/schema.js'
import { createHttpRouter, notFound, type HttpDeps } from '../http-router.js'
import type { Authenticate } from '../routing/ask-host.js'
import { createHttpServer } from '../http-server.js'
import { routeTable } from '../routes.js'
import { readAll, type Answer } from './answer.js'
import { expectDocumented } from './documented.js'
import { networkReader, type TrustProxy } from '../routing/client-network.js'

export interface Call {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** Sent as JSON when it is an object, as it is otherwise. */
  readonly body?: unknown
  readonly token?: string | null
}

export interface HttpWorldOptions extends WorldOptions {
  readonly site?: (app: Express) => void
  /** What a host application has in front of the router. */
  readonly before?: RequestHandler
  readonly authenticate?: Authenticate
  readonly trustProxy?: TrustProxy
}

type TableName = keyof typeof TABLES
// The names of an object's fields, which TypeScript calls strings.
const ALL_TABLES = Object.keys(TABLES) as TableName[]

export type HttpWorld = Awaited<ReturnType<typeof createHttpWorld>>

/** The proxy's HTTP over real sockets and real SQLite, with a scripted model and a clock that the test moves. */
export async function createHttpWorld(options: HttpWorldOptions = {}) {
  const world = await createWorld(options)
  const deps: HttpDeps = {
    authenticate: options.authenticate,
    useCases: world.useCases,
    networkOf: networkReader(options.trustProxy ?? { kind: 'nobody' }),
    clock: world.clock,
    logger: world.ports.logger,
    meter: world.ports.meter,
    tracer: world.ports.tracer,
    hasMetrics: true,
    heartbeatMs: world.settings.heartbeatMs,
  }
  const routes = routeTable(world.useCases)
  const app = express()
  app.disable('x-powered-by')
  if (options.before) app.use(options.before)
  app.use(createHttpRouter(deps))
  app.use('/api', notFound(deps))
  options.site?.(app)
  app.use(notFound(deps))
  const server = await listening(createHttpServer(app))
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => void sockets.add(socket))
  // Listening on TCP, so the address has this form.
  const { port } = server.address() as AddressInfo
  const tokenOf = async (subject: string) =>
    (await world.ports.tokens.issue({ tenantId: 'default', subject, kind: 'visitor', role: 'visitor' })).token
  const token = await tokenOf('v_alice')

  const open = (path: string, call: Call = {}): Promise<IncomingMessage> => {
    const isJson = typeof call.body === 'object' && !Buffer.isBuffer(call.body)
    const body = isJson ? JSON.stringify(call.body) : call.body
    const auth = call.token === null ? {} : { authorization: `Bearer ${call.token ?? token}` }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          port,
          path,
          method: call.method ?? 'GET',
          headers: { ...auth, ...type, ...call.headers },
          agent: false,
        },
        resolve,
      )
      request.on('error', reject)
      request.end(body as string | Buffer | undefined)
    })
  }

  return {
    ...world,
    deps,
    port,
    token,
    tokenOf,
    open,
    /** One request, its whole answer, which is one that the documentation has. */
    async call(path: string, call: Call = {}): Promise<Answer> {
      const answer = await readAll(await open(path, call))
      expectDocumented(routes, { method: call.method ?? 'GET', path }, answer)
      return answer
    },
    /** Bytes on a socket of its own, and all that comes back until the other side closes. */
    raw: (bytes: string | Buffer) => exchangeBytes(port, bytes),
    /** Rows in these tables together. */
    async storedRows(tables: readonly TableName[] = ALL_TABLES): Promise<number> {
      const { kysely } = world.database
      let rows = 0
      for (const table of tables) {
        const { n } = await kysely
          .selectFrom(table)
          .select((of) => of.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
        rows += n
      }
      return rows
    },
    /** Bytes of answers that wait in this process for their readers. */
    waitingBytes: () => [...sockets].reduce((sum, socket) => sum + socket.writableLength, 0),
    /** Closes every connection. */
    hangUp: () => server.closeAllConnections(),
    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await world.close()
    },
  }
}

const listening = (server: Server): Promise<Server> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))

/** Takes the bytes of a stream as they come. */
export class ByteReader {
  readonly response: IncomingMessage
  text = ''
  ended = false
  #wake: () => void = () => {}

  constructor(response: IncomingMessage) {
    this.response = response
    const wake = (): void => this.#wake()
    response.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk
      wake()
    })
    response.on('close', () => {
      this.ended = true
      wake()
    })
    response.on('error', wake)
  }

  /** Resolves with all text so far once it holds `part`; fails when the stream ends without it. */
  async until(part: string): Promise<string> {
    while (!this.text.includes(part)) {
      if (this.ended) throw new Error(`The stream ended without ${JSON.stringify(part)}: ${this.text}`)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    return this.text
  }

  async end(): Promise<string> {
    while (!this.ended) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.text
  }
}

function exchangeBytes(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}
