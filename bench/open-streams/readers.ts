import type { IncomingMessage } from 'node:http'
import { open, question } from '../proxy-cost/calls.js'
import type { Told } from './messages.js'

/**
 * Readers in a process of their own, each with a visitor, a conversation and a stream: `readers.ts <port> <count> <tokens>`.
 * Tells when all streams are open, and how they ended.
 */
const [port = 0, count = 0, tokens = 0] = process.argv.slice(2).map(Number)
/** So many begin at once, so that a test of many streams is none of the kernel's queue of connections. */
const BEGIN_AT_ONCE = 32
const WORD = ' word'

const tell = (told: Told): void => void process.send?.(told)

const calls = Array.from({ length: count }, (_, index) => index)
const reads: Promise<boolean>[] = []
let refused = 0
await Promise.all(
  Array.from({ length: BEGIN_AT_ONCE }, async () => {
    while (calls.pop() !== undefined) {
      try {
        const call = await question(port, 'text/event-stream')
        reads.push(isWhole(await open(port, call)))
      } catch {
        refused += 1
      }
    }
  }),
)
tell({ kind: 'open', count: reads.length, refused })
const ends = await Promise.all(reads)
tell({ kind: 'ended', whole: ends.filter(Boolean).length })
process.disconnect()

/** Reads to the end. @returns whether every word and the end of the answer came */
function isWhole(response: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    let words = 0
    let tail = ''
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const text = tail + chunk
      words += text.split(WORD).length - 1
      // Shorter than a word, so that none is counted twice, and long enough for the end to be seen.
      tail = text.slice(1 - WORD.length)
      if (text.includes('[DONE]')) hasEnd = true
    })
    let hasEnd = false
    const done = (): void => resolve(hasEnd && words === tokens)
    response.on('end', done).on('error', done)
  })
}
