import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { widgetFiles } from './widget-files.js'

let server: Server
let folder: string
let address: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'widget-files-'))
  for (const name of ['widget.js', 'chat-widget.js', 'purify-DxA3_k9z.js', 'extra-markdown.js']) {
    writeFileSync(join(folder, name), '// script\n')
  }
  server = createServer(express().use('/widget', widgetFiles(folder)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address of this form; `null` and a string are for others.
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

test('every page may load the script, and no browser takes it for anything else', async () => {
  const { status, headers } = await fetch(`${address}/widget/widget.js`)
  expect(status).toBe(200)
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': expect.stringMatching(/^text\/javascript/),
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  })
})

test.each([
  ['widget.js', 'public, max-age=300'],
  ['chat-widget.js', 'public, max-age=300'],
  ['extra-markdown.js', 'public, max-age=300'],
  ['purify-DxA3_k9z.js', 'public, max-age=31536000, immutable'],
])('%s is kept: %s', async (name, expected) => {
  const { headers } = await fetch(`${address}/widget/${name}`)
  expect(headers.get('cache-control')).toBe(expected)
})

test.each(['/widget/', '/widget/nothing.js', '/widget/..%2f..%2fetc/passwd', '/widget/.env'])(
  '%s is not there',
  async (path) => {
    expect((await fetch(`${address}${path}`)).status).toBeGreaterThanOrEqual(400)
  },
)
