import { fileURLToPath } from 'node:url'

/** The root of the checkout, absolute. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** Tools fetched for this checkout alone; ignored by git, safe to delete. */
export const toolsFolder = `${root}/.tools`

export const isWindows = process.platform === 'win32'
