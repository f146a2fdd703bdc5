import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadAnswer, ThreadSetup } from './sqlite-thread.js'

/*
 * What a thread of `SqliteThread` runs: statements over a connection of its own, one after the other, until it is told to end. It
 * imports nothing of ours but types, because it also runs as it is written here, without having been compiled.
 */

// Whoever starts the thread gives it this.
const { file, pragmas, timeout } = workerData as ThreadSetup
const database = new DatabaseSync(file, { timeout })
database.exec(pragmas)

parentPort?.on('message', (statement: string | null) => {
  if (statement !== null) return parentPort?.postMessage(answerTo(statement))
  database.close()
  return parentPort?.close()
})

function answerTo(statement: string): ThreadAnswer {
  try {
    return { rows: database.prepare(statement).all() }
  } catch (error) {
    return { errcode: error instanceof Error && 'errcode' in error ? Number(error.errcode) : -1 }
  }
}
