import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { root } from './paths.mjs'
import { sorted } from './sorted.mjs'

/** All files under a folder of the checkout, as paths from its root, in any order. */
export function filesUnder(folder) {
  if (!existsSync(`${root}/${folder}`)) return []
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}

export const foldersIn = (folder) =>
  readdirSync(`${root}/${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`)

/** One digest of names and contents. Contents rather than times, so that switching branches back rebuilds nothing. */
export function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of sorted(files)) {
    if (!existsSync(`${root}/${file}`)) continue
    const content = readFileSync(`${root}/${file}`)
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

// Stamps live inside node_modules, so that deleting it also forgets what was done to it.
const stampPath = (name) => `${root}/node_modules/.colloquy-${name}`

export const isStamped = (name, value) =>
  existsSync(stampPath(name)) && readFileSync(stampPath(name), 'utf8') === value

export const stamp = (name, value) => writeFileSync(stampPath(name), value)
