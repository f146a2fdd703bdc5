import type { IncomingMessage } from 'node:http'
import { open, question, type Call } from '../proxy-cost/calls.js'
import type { Ended, Opened } from './messages.js'

/**
 * Readers in a process of their own, each with a visitor, a conversation and a stream: `readers.ts <port> <count>`; or each with the call
 * that follows as JSON. Tells when all streams are open, and how they ended.
 */
const [port = 0, count = 0] = process.argv.slice(2).map(Number)
const [, , , , given] = process.argv
const call = given === undefined ? null : (JSON.parse(given) as Call) // As the bench wrote it.
/** So many begin at once: all in one moment would be a test of the kernel's queue of connections. */
const BEGIN_AT_ONCE = 64
const WORD = ' word'
/** More than what follows the last word. */
const LAST_CHARS = 4_000

const tell = (told: Opened | Ended): void => void process.send?.(told)

let left = count
let refused = 0
const reads: Promise<boolean>[] = []
const begin = async (): Promise<void> => {
  while (left-- > 0) {
    try {
      reads.push(isWhole(await open(port, call ?? (await question(port, 'text/event-stream')))))
    } catch {
      refused += 1
    }
  }
}
await Promise.all(Array.from({ length: BEGIN_AT_ONCE }, begin))
tell({ kind: 'open', count: reads.length, refused })
const ends = await Promise.all(reads)
tell({ kind: 'ended', whole: ends.filter(Boolean).length })
process.disconnect()

/** Reads to the end. @returns whether as many words came as were said, and the end of the answer */
function isWhole(response: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => {
    let words = 0
    let tail = ''
    let last = ''
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const text = tail + chunk
      words += text.split(WORD).length - 1
      // Shorter than a word, so that none is counted twice.
      tail = text.slice(1 - WORD.length)
      last = (last + chunk).slice(-LAST_CHARS)
    })
    const done = (): void => resolve(last.includes('[DONE]') && words === saidIn(last))
    response.on('end', done).on('error', done)
  })
}

function saidIn(end: string): number | null {
  const total = / total (\d+)\./.exec(end)?.[1]
  return total === undefined ? null : Number(total)
}
