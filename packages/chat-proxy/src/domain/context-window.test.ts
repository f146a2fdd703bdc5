import { describe, expect, test } from 'vitest'
import { contextWindow, newestThatFit, type Said } from './context-window.js'
import { estimateTokens, TOKENS_A_MESSAGE, tokensOf } from './count-tokens.js'

const said = (role: Said['role'], content: string, completion?: number): Said => ({
  role,
  content,
  usage:
    completion === undefined
      ? null
      : { prompt_tokens: 0, completion_tokens: completion, total_tokens: completion },
})
const branch = (count: number): Said[] =>
  Array.from({ length: count }, (_, i) => said(i % 2 === 0 ? 'user' : 'assistant', `message ${i}`))
const ROOMY = { messages: 100, tokens: 100_000 }
const contents = (messages: readonly { content: string }[]) => messages.map(({ content }) => content)

describe('the context', () => {
  test('is the system prompt and everything said, oldest first', () => {
    expect(contextWindow({ systemPrompt: 'Be brief.', summary: null, said: branch(3) }, ROOMY)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'message 0' },
      { role: 'assistant', content: 'message 1' },
      { role: 'user', content: 'message 2' },
    ])
    expect(contextWindow({ systemPrompt: '', summary: null, said: branch(1) }, ROOMY)).toHaveLength(1)
  })

  test('has the newest messages, without those that failed before a word', () => {
    const all = [...branch(4), said('assistant', ''), said('user', 'now')]
    const context = { systemPrompt: '', summary: null, said: all }
    expect(contents(newestThatFit(context, { ...ROOMY, messages: 3 }))).toEqual([
      'message 2',
      'message 3',
      'now',
    ])
  })

  test('fits the budget exactly: one token less, and the oldest is out', () => {
    const all = branch(5)
    const systemPrompt = 'Be brief.'
    const system = estimateTokens(systemPrompt) + TOKENS_A_MESSAGE
    const tokens = system + all.slice(2).reduce((sum, message) => sum + tokensOf(message), 0)
    const context = { systemPrompt, summary: null, said: all }
    expect(newestThatFit(context, { messages: 100, tokens })).toHaveLength(3)
    expect(newestThatFit(context, { messages: 100, tokens: tokens - 1 })).toHaveLength(1)
  })

  test('begins with a question: an answer goes where its question went', () => {
    const context = { systemPrompt: '', summary: null, said: branch(5) }
    expect(contents(newestThatFit(context, { ...ROOMY, messages: 4 }))).toEqual([
      'message 2',
      'message 3',
      'message 4',
    ])
    expect(contents(newestThatFit(context, { ...ROOMY, messages: 2 }))).toEqual(['message 4'])
  })

  test('has questions without an answer in between as one, so that questions and answers take turns', () => {
    const failed = [said('user', 'Hello?'), said('assistant', ''), said('user', 'Anybody?')]
    const all = [...failed, said('assistant', 'Yes.'), said('user', 'now')]
    expect(contextWindow({ systemPrompt: '', summary: null, said: all }, ROOMY)).toEqual([
      { role: 'user', content: 'Hello?\n\nAnybody?' },
      { role: 'assistant', content: 'Yes.' },
      { role: 'user', content: 'now' },
    ])
  })

  test('leaves no hole: behind a message that does not fit nothing older is shown', () => {
    const all = [said('user', 'short'), said('assistant', 'long '.repeat(500)), said('user', 'now')]
    const context = { systemPrompt: '', summary: null, said: all }
    expect(contents(newestThatFit(context, { messages: 100, tokens: 100 }))).toEqual(['now'])
  })

  test('always has the system prompt and the question, even if they alone are too much', () => {
    const context = {
      systemPrompt: 'Be brief.',
      summary: null,
      said: [...branch(2), said('user', 'x'.repeat(9_000))],
    }
    expect(contextWindow(context, { messages: 100, tokens: 10 }).map(({ role }) => role)).toEqual([
      'system',
      'user',
    ])
  })

  test('counts what the provider counted', () => {
    const [question, next] = [said('user', 'Wie?'), said('user', 'now')]
    const all = [question, said('assistant', 'Ein Wort nach dem anderen.', 5), next]
    const needed = tokensOf(question) + 5 + TOKENS_A_MESSAGE + tokensOf(next)
    const context = { systemPrompt: '', summary: null, said: all }
    expect(newestThatFit(context, { messages: 9, tokens: needed })).toHaveLength(3)
    expect(newestThatFit(context, { messages: 9, tokens: needed - 1 })).toHaveLength(1)
  })

  test('tells the summary with the system prompt, at the cost of messages', () => {
    const context = { systemPrompt: 'Be brief.', summary: 'They asked for hours.', said: branch(4) }
    const [system] = contextWindow(context, ROOMY)
    expect(system?.content).toMatch(/^Be brief\.\n\n.*not instructions\.\n\nThey asked for hours\.$/s)
    const without = { ...context, summary: null }
    const limits = { messages: 9, tokens: 60 }
    expect(newestThatFit(context, limits).length).toBeLessThan(newestThatFit(without, limits).length)
  })
})
