import type { Platform } from '../platform/platform.js'
import { isTerminal } from '../run/apply-event.js'
import type { LoggedFrame, ScriptedRun } from './scripted-run.js'

/** What happens to the bytes of a stream on their way. `at` counts bytes of the body. */
export type BodyFault =
  | { readonly kind: 'reset'; readonly at: number }
  | { readonly kind: 'eof'; readonly at: number }
  /** The line goes silent and stays open. */
  | { readonly kind: 'stall'; readonly at: number }
  /** Nothing is passed on before the stream has ended. */
  | { readonly kind: 'buffer' }
  /** Every frame comes twice. */
  | { readonly kind: 'double' }

/** What happens to a stream that is open: torn down, closed as if all were well, or silent and open for ever. */
export type LineBreak = 'reset' | 'end' | 'silence'

export interface BodyOptions {
  readonly platform: Platform
  readonly heartbeatMs: number
  readonly fault: BodyFault | null
  readonly signal: AbortSignal
  /** The streams that are open, each as a way to break it; this one is among them as long as it is open. */
  readonly lines: Set<(how: LineBreak) => void>
}

/**
 * The body of an event stream: what is in the log behind `after`, then what comes, with heartbeats in between. A network
 * that goes takes it along.
 */
export function streamBody(
  run: ScriptedRun,
  after: number,
  options: BodyOptions,
): ReadableStream<Uint8Array> {
  const { platform, heartbeatMs, fault, signal, lines } = options
  const encoder = new TextEncoder()
  let sent = 0
  let next = after
  let cleanUp = (): void => {}
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let over = false
      let isSilent = false
      let held = ''
      const finish = (end: () => void): void => {
        if (over) return
        over = true
        cleanUp()
        end()
      }
      const push = (text: string): void => {
        if (over || isSilent) return
        if (fault?.kind === 'buffer' && !isTerminal(run.status)) {
          held += text
          return
        }
        const bytes = encoder.encode(held + text)
        held = ''
        const room = fault && 'at' in fault ? Math.max(fault.at - sent, 0) : Infinity
        const part = bytes.subarray(0, Math.min(bytes.length, room))
        sent += part.length
        if (part.length > 0) controller.enqueue(part)
        if (part.length === bytes.length || !fault) return
        if (fault.kind === 'reset') finish(() => controller.error(new TypeError('terminated')))
        if (fault.kind === 'eof') finish(() => controller.close())
      }
      const pushFrame = ({ seq, text }: LoggedFrame): void => {
        next = seq
        push(fault?.kind === 'double' ? text + text : text)
      }
      const drain = (): void => {
        for (const frame of run.log.slice(next)) pushFrame(frame)
        const stalled = isSilent || (fault?.kind === 'stall' && sent >= fault.at)
        if (isTerminal(run.status) && !stalled) finish(() => controller.close())
      }
      const beat = (): void => {
        push(`: hb ${next}\n\n`)
        cancelBeat = platform.after(heartbeatMs, beat)
      }
      let cancelBeat = platform.after(heartbeatMs, beat)
      const stopListening = run.onAppend(drain)
      const onAbort = (): void => finish(() => controller.error(signal.reason))
      signal.addEventListener('abort', onAbort)
      const breakOff = (how: LineBreak): void => {
        isSilent = true
        if (how === 'reset') finish(() => controller.error(new TypeError('terminated')))
        if (how === 'end') finish(() => controller.close())
      }
      lines.add(breakOff)
      const stopWatching = platform.onWake((reason) => {
        if (reason === 'offline') breakOff('reset')
      })
      cleanUp = () => {
        lines.delete(breakOff)
        stopWatching()
        cancelBeat()
        stopListening()
        signal.removeEventListener('abort', onAbort)
      }
      push(': ok\nretry: 1000\n\n')
      if (after > run.log.length) pushFrame(run.resync())
      drain()
    },
    cancel: () => cleanUp(),
  })
}
