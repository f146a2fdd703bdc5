import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from './paths.mjs'

/** Where the reporter writes. */
const FILE = 'UNDER_WAY_FILE'

/** What vitest is to be started with, so that `toldUnderWay` knows how far it came when it had to be ended. */
export const underWay = (file) => ({
  args: [`--reporter=${import.meta.filename}`],
  env: { [FILE]: file },
})

/** @returns {string} which test files were running, and how many had not begun; '' when nothing is known */
export function toldUnderWay(file) {
  if (!existsSync(file)) return ''
  const { running, waiting } = JSON.parse(readFileSync(file, 'utf8'))
  const lines = running.map((name) => `  ${name}\n`)
  const rest = waiting > 0 ? `Not begun: ${waiting} files.\n` : ''
  return `Still running:\n${lines.join('')}${rest}`
}

/** Vitest's reporter: keeps on the disk what a run that is killed cannot tell any more. */
export default class UnderWayReporter {
  #running = new Set()
  #waiting = 0

  onTestRunStart(files) {
    this.#waiting = files.length
    this.#write()
  }

  onTestModuleQueued({ moduleId }) {
    this.#running.add(relative(root, moduleId))
    this.#waiting -= 1
    this.#write()
  }

  onTestModuleEnd({ moduleId }) {
    this.#running.delete(relative(root, moduleId))
    this.#write()
  }

  #write() {
    writeFileSync(process.env[FILE], JSON.stringify({ running: [...this.#running], waiting: this.#waiting }))
  }
}
