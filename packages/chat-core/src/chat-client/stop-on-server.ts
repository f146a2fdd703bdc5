import { ChatError } from '../errors/chat-error.js'
import { fullJitter } from '../retry/backoff.js'
import { applyDetail } from '../run/apply-detail.js'
import { waitForTry } from '../run/wait.js'
import type { ClientContext } from './client-context.js'
import type { Turn } from './turn.js'

/**
 * Asks the server to stop a run until it says yes, says that it has no such run, or hope is gone. When nothing reads the
 * run's stream any more, its end is fetched as well. Never rejects: a stop that cannot be delivered changes nothing.
 */
export async function stopOnServer(context: ClientContext, turn: Turn): Promise<void> {
  const { transport, session, platform, policy, signal } = context
  if (!transport.server) return
  const isRead = turn.progress.acknowledged
  for (let failures = 0; failures <= policy().maxSendTries; failures += 1) {
    try {
      const call = { token: await session.token(false), signal }
      await transport.server.stop(call, turn.runId)
      if (!isRead) applyDetail(turn.progress, await transport.server.getRun(call, turn.runId, 1))
      return
    } catch (error) {
      if (!(error instanceof ChatError) || !error.retryable) return
      const wait = fullJitter(failures, policy().sendBackoff, platform.random())
      await waitForTry(platform, Math.max(wait, error.retryAfter ?? 0), [signal]).catch(() => {})
      if (signal.aborted || turn.progress.end) return
    }
  }
}
