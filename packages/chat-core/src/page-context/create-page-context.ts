import type { Part } from '../chat-client/part.js'
import { ChatError } from '../errors/chat-error.js'
import { MAX_CONTEXT_CHARS, sendableText, type PageContext } from '../protocol/index.js'
import type { PageContextPart, PageFacts } from './page-context.js'

/** Has questions say what their visitor is looking at. */
export const createPageContext = (): Part<PageContextPart> => (core) => {
  let context: PageContext = {}
  core.hooks.push({ fieldsFor: () => (Object.keys(context).length > 0 ? { context } : {}) })
  return {
    set(facts) {
      context = contextOf(facts ?? {})
    },
  }
}

function contextOf(facts: PageFacts): PageContext {
  const texts = Object.entries(facts).flatMap(([name, fact]) =>
    fact === null || fact === undefined ? [] : [[sendableText(name), textOf(fact)] as const],
  )
  const context = Object.fromEntries(texts)
  if (JSON.stringify(context).length <= MAX_CONTEXT_CHARS) return context
  throw new ChatError('too_long', `Send at most ${MAX_CONTEXT_CHARS} characters.`)
}

/** @param fact as pages without types give it, too */
function textOf(fact: unknown): string {
  if (typeof fact === 'string') return sendableText(fact)
  if (typeof fact === 'number' || typeof fact === 'boolean') return String(fact)
  throw new ChatError('protocol', 'Send texts, numbers or booleans.')
}
