import type { Message } from './message.js'
import type { ModelMessage } from './ports/chat-model.js'

/**
 * What the model is shown: the system prompt, always, then the newest `limit` messages of the branch, oldest first.
 * Empty answers (failed before the first word) are left out. `branch` is the path to the question, oldest first.
 */
export function contextWindow(
  systemPrompt: string,
  branch: readonly Message[],
  limit: number,
): readonly ModelMessage[] {
  const newest = branch
    .filter((message) => message.content !== '')
    .slice(-limit)
    .map(({ role, content }): ModelMessage => ({ role, content }))
  return systemPrompt === '' ? newest : [{ role: 'system', content: systemPrompt }, ...newest]
}
