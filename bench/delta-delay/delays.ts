import type { IncomingMessage } from 'node:http'
import { open, type Call } from '../proxy-cost/calls.js'
import { momentsIn } from './timed-upstream.js'

/** Between one call and the next: a crowd does not come in one moment. */
const APART_MS = 40

/** Makes calls one after the other. @returns for each delta of their answers, how many milliseconds it was on its way */
export async function delaysOf(port: number, calls: readonly Call[]): Promise<readonly number[]> {
  const delays = await Promise.all(
    calls.map(async (call, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * APART_MS))
      return readDelays(await open(port, call))
    }),
  )
  return delays.flat()
}

/** From the moment that stands in a delta until it was read, for each of an answer. */
function readDelays(response: IncomingMessage): Promise<readonly number[]> {
  const delays: number[] = []
  let rest = ''
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      const now = performance.now()
      rest += chunk.toString('latin1')
      const whole = rest.lastIndexOf('\n') + 1
      for (const moment of momentsIn(rest.slice(0, whole))) delays.push(now - moment)
      rest = rest.slice(whole)
    })
    response.on('end', () => resolve(delays)).on('error', reject)
  })
}
