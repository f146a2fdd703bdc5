import { describe, expect, test } from 'vitest'
import { ModelError } from '../../../domain/model-error.js'
import type { ModelMessage } from '../../../domain/ports/chat-model.js'
import { FakeClock } from '../../time/testing/fake-clock.js'
import { RecordingSink } from '../testing/recording-sink.js'
import { composeAnswer, topicOf } from './compose-answer.js'
import { DemoModel } from './demo-model.js'
import { PRODUCT_TOPICS } from './product-topics.js'
import { quoteQuestion } from './quote-question.js'
import { SHOWCASE_TOPICS } from './showcase-topics.js'
import { SMALL_TALK_TOPICS } from './small-talk-topics.js'

const never = new AbortController().signal
const user = (content: string): ModelMessage => ({ role: 'user', content })
const assistant = (content: string): ModelMessage => ({ role: 'assistant', content })
const topics = [...PRODUCT_TOPICS, ...SHOWCASE_TOPICS, ...SMALL_TALK_TOPICS]

const ask = async (...messages: ModelMessage[]): Promise<RecordingSink> => {
  const sink = new RecordingSink()
  await new DemoModel({ clock: new FakeClock(), wordDelay: 0 }).generate({ messages }, sink, never)
  return sink
}

describe('DemoModel', () => {
  test('says that it is the demo', () => {
    expect(new DemoModel({ clock: new FakeClock() })).toMatchObject({ name: 'demo', isDemo: true })
  })

  test('streams its answer word by word, then ends and counts', async () => {
    const sink = await ask(user('Hello'))
    expect(sink.text).toBe(composeAnswer([user('Hello')]))
    expect(sink.deltas.length).toBeGreaterThan(30)
    expect(sink.deltas.every((word) => /^\S+\s*$/.test(word))).toBe(true)
    expect(sink.calls.slice(-3)).toEqual(['delta', 'finish', 'usage'])
    expect(sink.finishes).toEqual(['stop'])
    const words = sink.deltas.length
    expect(sink.usages).toEqual([{ prompt_tokens: 1, completion_tokens: words, total_tokens: words + 1 }])
  })

  test('says a word every 25 ms', async () => {
    const clock = new FakeClock()
    const sink = new RecordingSink()
    const answering = new DemoModel({ clock }).generate({ messages: [user('thanks')] }, sink, never)
    await clock.advanceAsync(24)
    expect(sink.deltas).toEqual([])
    await clock.advanceAsync(1)
    expect(sink.deltas).toEqual(['You '])
    await clock.advanceAsync(9 * 25)
    expect(sink.deltas.length).toBe(10)
    await clock.advanceAsync(60_000)
    await answering
    expect(sink.finishes).toEqual(['stop'])
    expect(clock.pending).toBe(0)
  })

  test('stops at once in the middle of a wait', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const sink = new RecordingSink()
    const model = new DemoModel({ clock })
    const answering = model.generate({ messages: [user('Hello')] }, sink, controller.signal)
    await clock.advanceAsync(60)
    controller.abort()
    await expect(answering).rejects.toMatchObject({ code: 'aborted' })
    await expect(answering).rejects.toBeInstanceOf(ModelError)
    expect(sink.calls).toEqual(['delta', 'delta'])
    expect(clock.pending).toBe(0)
  })

  test('stops also without waits, and before the first word', async () => {
    const controller = new AbortController()
    const sink = new RecordingSink(() => sink.deltas.length === 3 && controller.abort())
    const model = new DemoModel({ clock: new FakeClock(), wordDelay: 0 })
    const request = { messages: [user('Hello')] }
    await expect(model.generate(request, sink, controller.signal)).rejects.toMatchObject({ code: 'aborted' })
    expect(sink.calls).toEqual(['delta', 'delta', 'delta'])
    const second = new RecordingSink()
    await expect(model.generate(request, second, controller.signal)).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(second.calls).toEqual([])
  })

  test('gives the same answer to the same conversation', async () => {
    for (const question of ['Hello', 'What is the meaning of life?'])
      expect((await ask(user(question))).text).toBe((await ask(user(question))).text)
  })
})

describe('topics', () => {
  test.each([
    ['Hi', 'greeting'],
    ['hello there!', 'greeting'],
    ['Show me a table', 'table'],
    ['Hello, can you compare things in columns?', 'table'],
    ['Write a function in TypeScript', 'code'],
    ['show me some code', 'code'],
    ['Give me a nested list', 'list'],
    ['What can you do?', 'help'],
    ['help', 'help'],
    ['What is Colloquy?', 'colloquy'],
    ['How do I embed it in my website?', 'embed'],
    ['How do I install the widget?', 'embed'],
    ['How do I connect a real model?', 'connect'],
    ['where do I put LLM_API_KEY', 'connect'],
    ['does it work with Ollama?', 'connect'],
    ['Give me a long answer', 'long'],
    ['Explain it in detail', 'long'],
    ['Thanks!', 'thanks'],
  ])('%j is about %s', (question, name) => {
    expect(topicOf(question)?.name).toBe(name)
  })

  test.each([
    '',
    '???',
    'What is the capital of France?',
    'Why is the sky blue?',
    'What is the key to happiness?',
    'tables4you',
    'Wie spät ist es?',
  ])('%j is about none', (text) => {
    expect(topicOf(text)).toBeNull()
  })

  test('every suggestion that an answer makes has an answer of its own', () => {
    const suggestions = topics.flatMap(({ answer }) =>
      Array.from(answer.matchAll(/(?<!\w)_([A-Za-z][^_`]+)_(?!\w)/g), ([, text]) => text),
    )
    expect(suggestions.length).toBeGreaterThan(8)
    for (const suggestion of suggestions) expect(topicOf(suggestion ?? ''), suggestion).not.toBeNull()
  })

  test('all answers together show every kind of markdown', () => {
    const all = topics.map(({ answer }) => answer).join('\n\n')
    for (const kind of [
      /^# \S/m,
      /^## \S/m,
      /^### \S/m,
      /^- \S/m,
      /^ {2,3}- \S/m,
      /^ {5}- \S/m,
      /^1\. \S/m,
      /^\| :?---/m,
      /^```ts$/m,
      /^> \S/m,
      /\*\*[^*]+\*\*/,
      /\[[^\]]+\]\(https:\/\/[^)]+\)/,
      /`[^`\n]+`/,
    ])
      expect(all).toMatch(kind)
  })

  test.each(topics.map((topic) => [topic.name, topic] as const))(
    '%s is well formed',
    (_name, { answer, keywords }) => {
      expect((answer.match(/^```/gm) ?? []).length % 2).toBe(0)
      const widths = answer.split('\n').map((line) => (line.startsWith('|') ? line.split('|').length : 0))
      for (const [i, width] of widths.entries())
        if (width > 0 && (widths[i - 1] ?? 0) > 0) expect(width).toBe(widths[i - 1])
      for (const keyword of keywords) expect(keyword).toMatch(/^[\p{Ll}\p{N}_]+( [\p{Ll}\p{N}_]+)*$/u)
      expect(new Set(keywords).size).toBe(keywords.length)
    },
  )
})

describe('memory', () => {
  test('counts the questions it can see', () => {
    const first = [{ role: 'system', content: 'Hello' } as const, user('Hello')]
    expect(composeAnswer(first)).not.toContain('I can see')
    const third = [...first, assistant('Hello'), user('table'), assistant('…'), user('and now?')]
    expect(composeAnswer(third)).toContain('I can see 3 questions')
    expect(composeAnswer(third)).toContain('> and now\\?')
  })

  test('answers the newest question, not the older ones or the answers', () => {
    expect(composeAnswer([user('table'), assistant('code'), user('Hello')])).toContain(
      'welcome to **Colloquy**',
    )
  })

  test('has an answer even without a question', () => {
    expect(composeAnswer([])).toContain('> …')
  })
})

describe('quoting a question', () => {
  test('shows it as it was asked', () => {
    expect(quoteQuestion('What is the capital of France')).toBe('What is the capital of France')
    expect(quoteQuestion('Größe 漢字 👋')).toBe('Größe 漢字 👋')
  })

  test.each([
    '<img src=x onerror=alert(1)>',
    '![x](https://evil.example/pixel.png)',
    '[click](data:text/html,<b>)',
    'https://evil.example/?a=1',
    'www.evil.example me@evil.example',
    '`mono` **bold** _it_ ~~no~~ # heading | cell | &amp; \\',
    '1. - + > {question} $& $1',
  ])('nothing in %j stays special', (question) => {
    const quoted = quoteQuestion(question)
    expect(quoted.replace(/\\([!-/:-@[-`{-~])/g, '')).toMatch(/^[\w\s]*$/)
    expect(quoted.replace(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(question)
    expect(composeAnswer([user(question)])).toContain(`\n> ${quoted}\n`)
  })

  test('keeps to one line', () => {
    for (const separator of ['\n', '\r\n', '\r', '\u2028', '\u2029', '\n\n# '])
      expect(quoteQuestion(`first${separator}second`)).toBe('first')
    expect(quoteQuestion('\n\n  first  \t line ')).toBe('first line')
  })

  test('leaves out what hides or reorders text', () => {
    expect(quoteQuestion('a\u202Eb\u0000c\u200Bd')).toBe('a b c d')
  })

  test('cuts a long question, never inside a character', () => {
    expect(quoteQuestion('👋'.repeat(500))).toBe(`${'👋'.repeat(200)}…`)
  })

  test('has something to show for an empty question', () => {
    for (const empty of ['', ' ', '\n', '\u0000']) expect(quoteQuestion(empty)).toBe('…')
  })
})
