import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isWindows, root } from './paths.mjs'
import { Patience } from './patience.mjs'

/** One Ctrl-C arrives from the terminal and again from npm; within this time it is the same keypress. */
const SAME_KEYPRESS_MS = 500
const PARENT_CHECK_MS = 250

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/** The signal that asked this command to end, if one did. From then on nothing new is started. */
let interruptedBy = null
export const interruption = () => interruptedBy

/**
 * Starts a process that leads its own group, so that the terminal's Ctrl-C reaches it once (through us) and
 * `endGroup` reaches everything that it started in turn.
 */
export function startProcess(command, args, options = {}) {
  const patience = Patience.current
  const [program, ...words] = patience?.startedBy(command, args) ?? [command, ...args]
  const child = spawn(program, words, { cwd: root, detached: !isWindows, ...options })
  patience?.add(child)
  running.add(child)
  child.once('close', () => running.delete(child))
  child.once('error', () => running.delete(child))
  return child
}

/** Signals the process and all that it started. */
export function endGroup(child, signal = 'SIGTERM') {
  if (child.pid === undefined) return
  try {
    if (isWindows) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // It has ended by itself, which is what was asked.
  }
}

/** Passes every signal that asks for the end on to what we started, once; also when the npm above us is gone. */
export function passSignalsOn() {
  let lastAt = -Infinity
  const passOn = (signal) => {
    const now = performance.now()
    if (now - lastAt < SAME_KEYPRESS_MS) return
    lastAt = now
    interruptedBy = signal
    running.forEach((child) => endGroup(child, signal))
  }
  const signals = isWindows ? ['SIGINT', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, passOn)

  // A shell between npm and us may die of the signal without passing it on; then we have a new parent.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    passOn('SIGTERM')
  }, PARENT_CHECK_MS)
  watch.unref()
}

/** What a shell would report: the code itself, or 128 plus the number of the signal that ended the process. */
export const exitCodeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0)

/**
 * Runs a command to its end. Never rejects: a command that cannot be started has code 127.
 * @param {{ env?: object, cwd?: string, stdio?: string[], show?: boolean, timeoutMs?: number }} options
 *   `show` passes the output on as it comes; it is returned in any case.
 *   What does not end within `timeoutMs` is ended, and its output says so.
 * @returns {Promise<{ code: number, output: string, isTooLate: boolean }>}
 */
export function run(command, args, { show = false, timeoutMs, ...options } = {}) {
  if (interruptedBy)
    return Promise.resolve({ code: exitCodeOf(null, interruptedBy), output: '', isTooLate: false })
  return new Promise((resolve) => {
    const child = startProcess(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    const said = []
    collect(child.stdout, said, show && process.stdout)
    collect(child.stderr, said, show && process.stderr)
    let isTooLate = false
    const giveUp = () => {
      isTooLate = true
      say(tooLate([command, ...args], timeoutMs), said, show && process.stdout)
      endGroup(child, 'SIGKILL')
    }
    const deadline = timeoutMs && setTimeout(giveUp, timeoutMs)
    const finish = (code, ...more) => {
      clearTimeout(deadline)
      resolve({ code, output: [...said, ...more].join(''), isTooLate })
    }
    child.once('error', (error) => finish(127, `${command}: ${error.message}\n`))
    child.once('close', (code, signal) => finish(exitCodeOf(code, signal)))
  })
}

function collect(stream, said, target) {
  stream?.setEncoding('utf8')
  stream?.on('data', (text) => say(text, said, target))
}

function say(text, said, target) {
  said.push(text)
  if (target) target.write(text)
}

const tooLate = (words, ms) =>
  `\nStopped after ${ms / 1000} s, which is the most it may take: ${words.join(' ')}\n`
