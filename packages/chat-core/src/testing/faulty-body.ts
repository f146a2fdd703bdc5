import type { Platform } from '../platform/platform.js'
import { isTerminal } from '../run/apply-event.js'
import type { LoggedFrame, ScriptedRun } from './scripted-run.js'

/** What happens to the bytes of a stream on their way. Positions count bytes of the body. */
export type BodyFault =
  | { readonly kind: 'reset'; readonly at: number }
  | { readonly kind: 'eof'; readonly at: number }
  /** The line goes silent and stays open. */
  | { readonly kind: 'stall'; readonly at: number }
  /** Nothing is passed on before the stream has ended. */
  | { readonly kind: 'buffer' }
  /** Every frame comes twice. */
  | { readonly kind: 'double' }

/** The body of an event stream: what is in the log behind `after`, then what comes, with heartbeats in between. */
export function streamBody(
  run: ScriptedRun,
  after: number,
  options: { platform: Platform; heartbeatMs: number; fault: BodyFault | null; signal: AbortSignal },
): ReadableStream<Uint8Array> {
  const { platform, heartbeatMs, fault, signal } = options
  const encoder = new TextEncoder()
  let sent = 0
  let next = after
  let cleanUp = (): void => {}
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let over = false
      let held = ''
      const finish = (end: () => void): void => {
        if (over) return
        over = true
        cleanUp()
        end()
      }
      const push = (text: string): void => {
        if (over) return
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
        const stalled = fault?.kind === 'stall' && sent >= fault.at
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
      cleanUp = () => {
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
