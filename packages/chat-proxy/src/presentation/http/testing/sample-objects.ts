import type { Caller } from '../../../domain/caller.js'
import type { HttpWorld } from './http-world.js'
import type { SampleObject } from './route-samples.js'

/** Makes objects for routes to find. `unique` is a part of every id, and differs each time. */
export async function sampleObject(
  { useCases, ended }: HttpWorld,
  { owner, kind, unique }: { owner: Caller; kind: SampleObject; unique: string | number },
): Promise<string> {
  if (kind === 'tenant') {
    await useCases.manageTenants.save(`t_${unique}`, { publishable_keys: [`pk_own_${unique}`] })
    return `t_${unique}`
  }
  const conversationId = `c_own_${unique}`
  await useCases.createConversation.execute(owner, { id: conversationId })
  const runId = `r_own_${unique}`
  const question = { conversationId, content: 'Hello?', runId }
  const { run } = await useCases.sendMessage.execute(owner, question)
  await ended(runId, owner)
  return { conversation: conversationId, run: runId, message: run.messageId }[kind]
}
