import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { noticesOf } from './notices.mjs'

const marked = fileURLToPath(import.meta.resolve('marked'))

it('says of each package once whose it is and what its licence asks for, and nothing of our own files', () => {
  const text = noticesOf([marked, '/src/dist/define.js', marked])
  expect(text.match(/^marked \d+\.\d+\.\d+, MIT$/gm)).toHaveLength(1)
  expect(text).toMatch(/Copyright \(c\) .*\n[^]*Permission is hereby granted/)
  expect(text).not.toContain('define')
})

it('takes no package without a licence', () => {
  const modules = mkdtempSync(join(tmpdir(), 'colloquy-'))
  const folder = join(modules, 'node_modules/bare')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.0.0", "license": "MIT" }')
  expect(() => noticesOf([join(folder, 'index.js')])).toThrow('bare has no text of its licence')
  rmSync(modules, { recursive: true })
})
