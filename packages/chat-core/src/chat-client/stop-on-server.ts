import { asChatError } from '../errors/chat-error.js'
import { fullJitter } from '../retry/backoff.js'
import { readRun } from '../run/attempt.js'
import { waitForTry } from '../run/wait.js'
import { authorized, type ClientCore } from './client-core.js'
import type { Turn } from './turn.js'

/**
 * Asks the server to stop a run until it says yes, says that it has no such run, or hope is gone. When nothing reads the
 * run's stream any more, its end is fetched as well. Never rejects: a stop that cannot be delivered changes nothing.
 */
export async function stopOnServer(core: ClientCore, { runId, progress }: Turn): Promise<void> {
  const { transport, platform, policy, signal } = core
  const { server } = transport
  if (!server) return
  const isRead = progress.acknowledged
  for (let failures = 0; failures <= policy().send.tries; failures += 1) {
    try {
      const call = await authorized(core)
      await server.request(call, 'POST', `/runs/${runId}/stop`, {})
      if (!isRead) await readRun(server, { ...call, progress }, 1)
      return
    } catch (error) {
      const { retryable, retryAfter } = asChatError(error)
      if (!retryable) return
      const wait = fullJitter(failures, policy().send, platform.random())
      await waitForTry(platform, wait, [signal], retryAfter).catch(() => {})
      if (signal.aborted || progress.end) return
    }
  }
}
