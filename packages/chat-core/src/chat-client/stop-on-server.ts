import type { RunDetail } from '../protocol/index.js'
import { asChatError, type ChatError } from '../errors/chat-error.js'
import { fullJitter } from '../retry/backoff.js'
import { applyDetail } from '../run/apply-detail.js'
import { waitForTry } from '../run/wait.js'
import type { ClientCore } from './client-core.js'
import { request } from './request.js'
import type { Turn } from './turn.js'

/**
 * Asks the server to stop a run until it says yes, says that it has no such run, or hope is gone. When nothing reads the
 * run's stream any more, its end is fetched as well. Never rejects.
 * @returns why the server could not be told; `null` when it was, or nobody needs to tell it any more
 */
export async function stopOnServer(
  core: ClientCore,
  { runId, progress }: Pick<Turn, 'runId' | 'progress'>,
): Promise<ChatError | null> {
  const { platform, policy, signal } = core
  const isRead = progress.acknowledged
  for (let failures = 0; ; failures += 1) {
    try {
      await request(core, 'POST', `/runs/${runId}/stop`, {})
      const detail = isRead ? undefined : await request<RunDetail>(core, 'GET', `/runs/${runId}?wait=1`)
      if (detail) applyDetail(progress, detail)
      return null
    } catch (thrown) {
      const error = asChatError(thrown)
      const { retryable, retryAfter, status } = error
      if (signal.aborted || progress.end || status === 404) return null
      if (!retryable || failures >= policy().send.tries) return error
      const wait = fullJitter(failures, policy().send, platform.random())
      await waitForTry(platform, wait, signal, retryAfter).catch(() => {})
    }
  }
}
