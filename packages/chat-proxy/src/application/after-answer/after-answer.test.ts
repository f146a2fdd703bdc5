import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_LIMITS } from '../../domain/limits.js'
import { ModelError } from '../../domain/model-error.js'
import { USAGE, type ScriptedCall } from '../testing/scripted-model.js'
import { createWorld, type World, type WorldOptions } from '../testing/test-world.js'

let world: World
/** What the model says to a task of each kind; a function may do anything with the call. */
let tasks: Record<'title' | 'summary', string | ((call: ScriptedCall) => void)>
let answers: number

const taskOf = ({ request }: ScriptedCall): 'title' | 'summary' | null => {
  const system = request.messages[0]?.content ?? ''
  if (system.startsWith('Give the conversation')) return 'title'
  return system.startsWith('Summarise the conversation') ? 'summary' : null
}
const build = async (options: WorldOptions): Promise<void> => {
  world = await createWorld(options)
  tasks = { title: 'Opening hours', summary: 'They asked for hours.' }
  answers = 0
  world.model.script = (call) => {
    const task = taskOf(call)
    if (task === null) return call.say(`answer ${answers++}`).end('stop', USAGE)
    const does = tasks[task]
    if (typeof does === 'string') call.say(does).end('stop', USAGE)
    else does(call)
  }
  await world.conversation()
}
afterEach(() => world.close())

const turns = async (): Promise<void> => {
  for (let i = 0; i < 30; i++) await new Promise((resolve) => setImmediate(resolve))
}
let asked = 0
/** A question with its answer, and all that is done behind it. */
const ask = async (content: string, over: { parentId?: string | null } = {}) => {
  const runId = `run_${String(asked++).padStart(5, '0')}`
  const question = { conversationId: 'c_00001', content, runId, ...over }
  const { run } = await world.useCases.sendMessage.execute(world.alice, question)
  await world.ended(run.id)
  await turns()
  return run
}
const title = async () =>
  (await world.ports.conversations.find({ tenantId: 'default', ownerId: 'v_alice' }, 'c_00001'))?.title
const calls = (task: 'title' | 'summary' | null) => world.model.calls.filter((call) => taskOf(call) === task)
const lastRequest = () => calls(null).at(-1)?.request.messages ?? []

describe('titles by the model', () => {
  beforeEach(() => build({ tenant: { titles: 'model' } }))

  test('come after the first answer, once', async () => {
    await ask('When do you open?')
    expect(await title()).toBe('Opening hours')
    expect(calls('title')[0]?.request.messages[1]?.content).toContain(
      'User: When do you open?\n\nAssistant: answer 0',
    )
    await ask('And on Sunday?')
    expect(calls('title')).toHaveLength(1)
  })

  test('never replace one that a person gave', async () => {
    await world.useCases.updateConversation.execute(world.alice, 'c_00001', { title: 'Mine' })
    await ask('When do you open?')
    expect([await title(), calls('title').length]).toEqual(['Mine', 0])
  })

  test('end with the kill switch', async () => {
    const waiting: ScriptedCall[] = []
    tasks.title = (call) => void waiting.push(call)
    await ask('When do you open?')
    await world.useCases.turnSwitch.off({ scope: 'installation' }, '')
    expect(waiting[0]?.signal.aborted).toBe(true)
    await turns()
    expect(await title()).not.toBe('Opening hours')
  })

  test('nor one that a person gives while the model thinks', async () => {
    const waiting: ScriptedCall[] = []
    tasks.title = (call) => void waiting.push(call)
    await ask('When do you open?')
    await world.useCases.updateConversation.execute(world.alice, 'c_00001', { title: 'Mine' })
    expect(waiting).toHaveLength(1)
    waiting[0]?.say('Theirs').end()
    await turns()
    expect(await title()).toBe('Mine')
  })

  test.each([
    ['"Opening hours."\nHere you are!', 'Opening hours'],
    ['**Title: Öffnungszeiten**', 'Öffnungszeiten'],
    ['# 「営業時間」', '営業時間'],
    ['x'.repeat(130), 'When do you open?'],
    ['"', 'When do you open?'],
  ])('%j is taken for what it means', async (said, expected) => {
    tasks.title = said
    await ask('When do you open?')
    expect(await title()).toBe(expected)
  })

  test('a model that fails or takes too long leaves the first message, and the next question is answered', async () => {
    tasks.title = (call) => call.fail(new ModelError('unavailable', 'away'))
    await ask('When do you open?')
    expect(await title()).toBe('When do you open?')
    expect(await world.ended((await ask('Hello?')).id)).toMatchObject({ status: 'completed' })
  })

  test('give up after half a minute, and when the process stops', async () => {
    const waiting: ScriptedCall[] = []
    tasks.title = (call) => void waiting.push(call)
    await ask('When do you open?')
    await world.clock.advanceAsync(30_000)
    expect(waiting.map(({ signal }) => signal.aborted)).toEqual([true])
    await world.useCases.generations.drain(0)
  })

  test('are paid like answers and are no messages', async () => {
    await ask('When do you open?')
    const [day] = await world.database.kysely.selectFrom('ledger_counters').selectAll().execute()
    expect(day).toMatchObject({ messages: 1, tokens: 2 * USAGE.total_tokens, reserved_messages: 0 })
    const events = await world.database.kysely
      .selectFrom('events')
      .selectAll()
      .where('type', '=', 'side-call.ended')
      .execute()
    expect(events.map(({ data }) => JSON.parse(data) as unknown)).toMatchObject([
      { purpose: 'title', status: 'completed', totalTokens: USAGE.total_tokens },
    ])
  })

  test('are left out when there is nothing left to pay them with', async () => {
    await world.close()
    await build({
      tenant: {
        titles: 'model',
        limits: { ...NO_LIMITS, tokensPerDay: { user: 144, tenant: null } },
      },
    })
    // It fits by two tokens, and what it did take leaves no room for the title's longest answer.
    await ask('When do you open?')
    expect([await title(), calls('title').length]).toEqual(['When do you open?', 0])
  })
})

describe('the rolling summary', () => {
  const summarising = (over: { messages?: number; tokens?: number } = {}) =>
    build({ settings: { context: { messages: 6, tokens: 16_000, summarise: true, ...over } } })

  test('takes the place of what no longer fits, is stored once and used again', async () => {
    await summarising()
    for (let i = 0; i < 3; i++) await ask(`question ${i}`)
    // Six messages, and the next question is the seventh.
    expect(calls('summary')).toHaveLength(1)
    expect(calls('summary')[0]?.request.messages[1]?.content).toContain(
      'User: question 0\n\nAssistant: answer 0',
    )
    await ask('question 3')
    const shown = lastRequest()
    expect(shown[0]).toMatchObject({
      role: 'system',
      content: expect.stringContaining('They asked for hours.'),
    })
    expect(shown.slice(1).map(({ content }) => content)).toEqual(['question 2', 'answer 2', 'question 3'])
    await ask('question 4')
    expect(calls('summary')).toHaveLength(2)
    expect(lastRequest()[0]?.content).toContain('They asked for hours.')
  })

  test('is made of the one before and what came since', async () => {
    await summarising()
    for (let i = 0; i < 3; i++) await ask(`question ${i}`)
    tasks.summary = 'Second.'
    for (let i = 3; i < 7; i++) await ask(`question ${i}`)
    const second = calls('summary')[1]?.request.messages[1]?.content ?? ''
    expect(second).toContain('Summary of what was said before: They asked for hours.')
    expect(second).not.toContain('question 0')
    expect(lastRequest()[0]?.content).toContain('Second.')
  })

  test('leaves no hole between itself and what is shown', async () => {
    await summarising()
    for (let i = 0; i < 12; i++) {
      tasks.summary = `up to ${i}`
      await ask(`question ${i}`)
      const shown = lastRequest()
        .slice(1)
        .map(({ content }) => content)
      const summarised = calls('summary').map(({ request }) => request.messages[1]?.content ?? '')
      for (let before = 0; before <= i; before++) {
        const isKnown =
          shown.includes(`question ${before}`) ||
          summarised.some((text) => text.includes(`question ${before}\n`))
        expect([i, before, isKnown]).toEqual([i, before, true])
      }
    }
  })

  test('is made for tokens as well as for messages', async () => {
    await summarising({ messages: 100, tokens: 400 })
    for (let i = 0; i < 5; i++) await ask(`question ${i} ${'word '.repeat(60)}`)
    expect(calls('summary').length).toBeGreaterThan(0)
    expect(lastRequest()[0]?.content).toContain('They asked for hours.')
  })

  test('belongs to the branch it was made of', async () => {
    await summarising()
    for (let i = 0; i < 3; i++) await ask(`question ${i}`)
    await ask('another beginning', { parentId: null })
    expect(lastRequest().map(({ content }) => content)).toEqual(['Be brief.', 'another beginning'])
  })

  test('is not made when it is not wished, nor kept when the model fails', async () => {
    await build({ settings: { context: { messages: 4, tokens: 16_000, summarise: false } } })
    for (let i = 0; i < 4; i++) await ask(`question ${i}`)
    expect(calls('summary')).toEqual([])
    await world.close()
    await summarising({ messages: 4 })
    tasks.summary = (call) => call.fail(new ModelError('unavailable', 'away'))
    for (let i = 0; i < 4; i++) await ask(`question ${i}`)
    expect(lastRequest()[0]?.content).toBe('Be brief.')
  })
})
