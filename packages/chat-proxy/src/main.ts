#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { toldInsteadOfStart } from './command-line.js'
import { putV8Behind } from './config/background-threads.js'
import { keepCompiledCode } from './config/compile-cache.js'
import { boundOldGeneration } from './config/old-generation.js'
import { boundYoungGeneration } from './config/young-generation.js'

const version = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return String(Reflect.get(Object(manifest), 'version'))
}
const told = toldInsteadOfStart(process.argv.slice(2), version)
if (told) {
  const output = told.exitCode === 0 ? process.stdout : process.stderr
  output.write(`${told.text}\n`)
  process.exitCode = told.exitCode
} else {
  keepCompiledCode()
  boundYoungGeneration()
  boundOldGeneration()
  putV8Behind()
  // Not before: this is what is compiled.
  const { serve } = await import('./serve.js')
  await serve()
}
