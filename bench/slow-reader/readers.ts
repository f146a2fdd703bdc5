import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { open, question, type Call } from '../proxy-cost/calls.js'
import type { Ended } from './messages.js'

/** Readers in a process of their own: `readers.ts <port> <count> <words> <quick|slow>`, and the call of each, where it is no question. */
const [port = 0, count = 0, words = 0] = process.argv.slice(2).map(Number)
const [, , , , , kind, given] = process.argv
const isSlow = kind === 'slow'
const call = given === undefined ? null : (JSON.parse(given) as Call) // As the bench wrote it.
const WORD = ' word'

const goOn = once(process, 'message')

const ask = async (): Promise<IncomingMessage> =>
  open(port, call ?? (await question(port, 'text/event-stream')))
const reads = (await Promise.all(Array.from({ length: count }, ask))).map(isWhole)
const ends = await Promise.all(reads)
process.send?.({ kind: 'ended', whole: ends.filter(Boolean).length } satisfies Ended)
process.disconnect()

/** @returns whether every word and the end of the answer came */
async function isWhole(response: IncomingMessage): Promise<boolean> {
  if (isSlow) {
    await once(response, 'readable')
    await goOn
  }
  let [said, tail, hasEnd] = [0, '', false]
  response.setEncoding('utf8')
  for await (const chunk of response) {
    const text = tail + String(chunk)
    said += text.split(WORD).length - 1
    hasEnd ||= text.includes('[DONE]')
    tail = text.slice(1 - WORD.length)
  }
  return hasEnd && said === words
}
