import { performance } from 'node:perf_hooks'
import type { RateLimit } from '../../packages/chat-proxy/src/domain/ports/index.js'
import type { Asked, Burst } from './messages.js'

/**
 * Answers the bursts of the parent process, until that is gone.
 * @param take whether one request passes
 * @param idleMs milliseconds for which this process has had nothing to do but wait. Default: not told
 * @param close what was opened for `take`. Default: nothing
 */
export function serveBursts(
  take: (limits: readonly RateLimit[]) => Promise<boolean>,
  idleMs: () => number = () => 0,
  close: () => Promise<void> = () => Promise.resolve(),
): void {
  const ask = async (limits: readonly RateLimit[]): Promise<Asked> => {
    const [began, idle] = [performance.now(), idleMs()]
    const isPassed = await take(limits)
    return { isPassed, ms: performance.now() - began, waited: idleMs() - idle }
  }
  const answer = async ({ requests }: Burst): Promise<void> => {
    process.send?.({ asked: await Promise.all(requests.map(ask)) })
  }
  process.on('message', (burst: Burst) => void answer(burst))
  process.on('disconnect', () => void close().finally(() => process.exit(0)))
  process.send?.({ ready: true })
}
