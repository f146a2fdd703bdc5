import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import express from 'express'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { widgetFiles } from './widget-files.js'

const SCRIPT = 'console.log("the same words, again and again")\n'.repeat(50)
const BROWSER = { 'accept-encoding': 'gzip, deflate, br, zstd' }

let server: Server
let folder: string
let file: string
let address: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gzipped-scripts-'))
  file = join(folder, 'widget.js')
  server = createServer(express().use('/widget', widgetFiles(folder)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address of this form; `null` and a string are for others.
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/widget/widget.js`
})
beforeEach(() => writeFileSync(file, SCRIPT))
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

/** As it is on the line: `fetch` would unpack it. */
async function ask(headers: Record<string, string>): Promise<{ response: IncomingMessage; body: Buffer }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(address, { headers, agent: false }, resolve).on('error', reject),
  )
  return { response, body: await buffer(response) }
}

test('a browser gets a script compressed, and the same script', async () => {
  const { response, body } = await ask(BROWSER)
  expect(response.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': expect.stringMatching(/^text\/javascript/),
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=300',
    vary: expect.stringMatching(/accept-encoding/i),
  })
  expect(body.length).toBeLessThan(SCRIPT.length / 5)
  expect(gunzipSync(body).toString()).toBe(SCRIPT)
})

test.each([{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip;q=0' }])(
  'who does not take it gets it as it is: %o',
  async (headers: Record<string, string>) => {
    const { response, body } = await ask(headers)
    expect(response.headers['content-encoding']).toBeUndefined()
    // Or a cache in between gives one kind of caller what is for the other.
    expect(response.headers.vary).toMatch(/accept-encoding/i)
    expect(body.toString()).toBe(SCRIPT)
  },
)

test('who has it already is told so, and nothing is sent', async () => {
  const { response } = await ask(BROWSER)
  const again = await ask({ ...BROWSER, 'if-none-match': response.headers.etag ?? '' })
  expect(again.response.statusCode).toBe(304)
  expect(again.body.length).toBe(0)
})

test('a file that was replaced is compressed anew', async () => {
  await ask(BROWSER)
  writeFileSync(file, 'newer()')
  utimesSync(file, new Date(), new Date(Date.now() + 5000))
  expect(gunzipSync((await ask(BROWSER)).body).toString()).toBe('newer()')
})
