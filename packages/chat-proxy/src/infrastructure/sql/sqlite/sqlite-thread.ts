import { extname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

export interface ThreadSetup {
  readonly file: string
  /** Executed on the connection before anything else. */
  readonly pragmas: string
  /** Milliseconds that a statement waits for locks of others. */
  readonly timeout: number
}

export type Row = Readonly<Record<string, unknown>>

/** The rows of a statement, or SQLite's extended result code. */
export type ThreadAnswer = { readonly rows: readonly Row[] } | { readonly errcode: number }

interface Waiting {
  resolve(answer: ThreadAnswer): void
  reject(error: Error): void
}

/** A statement that failed in the thread; told by its code, as node:sqlite tells it. */
class ThreadStatementError extends Error {
  override readonly name = 'ThreadStatementError'
  readonly errcode: number

  constructor(errcode: number) {
    super(`SQLite refused a statement (${errcode})`)
    this.errcode = errcode
  }
}

/** Stands beside this file under the same ending, in the sources as in what is compiled of them. */
const PROGRAM = new URL(`./statement-thread${extname(import.meta.url)}`, import.meta.url)
/** It keeps the rows of one statement and nothing else. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }

/**
 * A connection of its own for statements that wait for the disk, in a thread of its own. It starts with the first of them. Where
 * no thread can be had, because an application was bundled without its program, say, they are executed here.
 */
export class SqliteThread {
  readonly #setup: ThreadSetup
  #worker: Worker | null = null
  #here: DatabaseSync | null = null
  readonly #waiting: Waiting[] = []
  #isClosed = false

  constructor(setup: ThreadSetup) {
    this.#setup = setup
  }

  /** Executes statements in their order. @throws Error of SQLite, with its `errcode` · when it is closed */
  async run(statement: string): Promise<readonly Row[]> {
    if (this.#here || this.#isClosed) return this.#runHere(statement)
    const answer = await this.#ask(statement).catch(() => null)
    if (answer === null) return this.#runHere(statement)
    if ('errcode' in answer) throw new ThreadStatementError(answer.errcode)
    return answer.rows
  }

  /** After the statements that it was given. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#here?.close()
    const worker = this.#worker
    if (!worker) return
    worker.ref()
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage(null)
    await ended
  }

  #ask(statement: string): Promise<ThreadAnswer> {
    return new Promise((resolve, reject) => {
      const worker = (this.#worker ??= this.#start())
      this.#waiting.push({ resolve, reject })
      worker.ref()
      worker.postMessage(statement)
    })
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, { workerData: this.#setup, resourceLimits: LIMITS })
    worker.on('message', (answer: ThreadAnswer) => {
      this.#waiting.shift()?.resolve(answer)
      // A process that has nothing else to do may end; not while this is being closed.
      if (this.#waiting.length === 0 && !this.#isClosed) worker.unref()
    })
    // It is followed by `exit`.
    worker.on('error', () => {})
    worker.on('exit', () => {
      this.#worker = null
      for (const waiting of this.#waiting.splice(0)) waiting.reject(new Error('The thread has ended.'))
    })
    return worker
  }

  #runHere(statement: string): readonly Row[] {
    if (this.#isClosed) throw new Error('The connection is closed.')
    if (!this.#here) {
      this.#here = new DatabaseSync(this.#setup.file, { timeout: 0 })
      this.#here.exec(this.#setup.pragmas)
    }
    return this.#here.prepare(statement).all()
  }
}
