import { AsyncLocalStorage } from 'node:async_hooks'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { isWindows } from './paths.mjs'

/** So that tests beside it hardly notice. */
const NICENESS = 10

const current = new AsyncLocalStorage()

/** What is started inside of it gets the time of the processors that others leave, until its end. */
export class Patience {
  #isOver = isWindows
  #children = new Set()

  /** That of the work which asks, if it has to be patient. */
  static get current() {
    return current.getStore()
  }

  run(work) {
    return current.run(this, work)
  }

  /** @returns {string[]} how such a process is to be started */
  startedBy(command, args) {
    return this.#isOver ? [command, ...args] : ['nice', '-n', `${NICENESS}`, command, ...args]
  }

  /** @param {import('node:child_process').ChildProcess} child leads a group of its own */
  add(child) {
    if (this.#isOver || child.pid === undefined) return
    this.#children.add(child)
    child.once('close', () => this.#children.delete(child))
    setNicenessOfAutogroup(child, NICENESS)
  }

  /** Nobody is left to be kept waiting. Without root's rights, what runs stays as it is. */
  end() {
    this.#isOver = true
    for (const child of this.#children) {
      spawnSync('renice', ['-n', '0', '-g', `${child.pid}`], { stdio: 'ignore' })
      setNicenessOfAutogroup(child, 0)
    }
  }
}

/** Linux may share its time between sessions first, and looks at the niceness of processes only inside of each. */
function setNicenessOfAutogroup({ pid }, niceness) {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, `${niceness}`)
  } catch {
    // It has ended, or this system knows no such groups.
  }
}
