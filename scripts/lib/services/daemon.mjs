import { rmSync } from 'node:fs'
import { endGroup, startProcess } from '../processes.mjs'

const START_MS = 30_000
const STOP_MS = 10_000

/**
 * Starts a server of our own and waits until it says that it is ready.
 * @param {{ command: string, args: string[], options?: object, readyLine: RegExp, stopSignal: string, folder: string }} daemon
 *   `folder` holds all its data and is removed at the end.
 * @returns {Promise<() => Promise<void>>} The way to stop it.
 * @throws Error with what it said, when it ended or stayed silent instead.
 */
export async function startDaemon({ command, args, options, readyLine, stopSignal, folder }) {
  const child = startProcess(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const ended = new Promise((resolve) => {
    child.once('close', resolve)
    child.once('error', resolve)
  })
  const stop = async () => {
    endGroup(child, stopSignal)
    const deadline = setTimeout(() => endGroup(child, 'SIGKILL'), STOP_MS)
    await ended
    clearTimeout(deadline)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await readyOf(child, readyLine)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

function readyOf(child, readyLine) {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why) => reject(new Error(`${why}: ${said.trim().split('\n').slice(-3).join(' / ')}`))
    const deadline = setTimeout(() => fail('it was not ready in time'), START_MS)
    const listen = (text) => {
      said = (said + text).slice(-10_000)
      if (!readyLine.test(said)) return
      clearTimeout(deadline)
      resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', (error) => fail(error.message))
    child.once('close', () => fail('it ended'))
  })
}
