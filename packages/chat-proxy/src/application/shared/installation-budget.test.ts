import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Caller } from '../../domain/caller.js'
import type { CompletionInput } from '../complete-chat/completion.js'
import { createWorld, type World } from '../testing/test-world.js'

/** Of the question and of what the operator tells the model, a token for each byte and what a message takes besides. */
const QUESTION = 'Hello?'
const ASKED = 'Be brief.'.length + QUESTION.length + 2 * 8
const ANSWER = 100
const WORST = ASKED + ANSWER

let world: World
beforeEach(async () => {
  world = await createWorld({
    settings: {
      budget: {
        // Three questions at once, and not one more.
        installation: { tokensPerDay: 3 * WORST, moneyPerDay: null, moneyPerMonth: null },
        limitAdmins: false,
        maxAnswerTokens: ANSWER,
      },
    },
  })
})
afterEach(() => world.close())

const subject = (name: string): Caller => ({ ...world.alice, subject: name })
const complete = (name: string, over: Partial<CompletionInput> = {}) =>
  world.useCases.completeChat.execute(
    subject(name),
    { model: 'scripted-1', messages: [{ role: 'user', content: QUESTION }], ...over },
    new AbortController().signal,
  )
const reserved = () =>
  world.database.kysely.selectFrom('ledger_reservations').select('tokens').orderBy('tokens').execute()

test('the tokens of a day are those of everybody together, and what is not used is given back', async () => {
  const [first] = [await complete('v_1'), await complete('v_2'), await complete('v_3')]
  expect(await reserved()).toEqual(Array.from({ length: 3 }, () => ({ tokens: WORST })))
  await expect(complete('v_4')).rejects.toMatchObject({
    code: 'quota-exceeded',
    limit: { name: 'tokens_per_day', scope: 'installation', max: 3 * WORST, used: 3 * WORST },
  })
  const call = await world.model.nextCall()
  expect(call.request.maxTokens).toBe(ANSWER)
  call.say('Hi!').end('stop', { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 })
  for await (const _ of first.events);
  // Two tokens are gone for good, and a question as before no longer fits.
  await expect(complete('v_4')).rejects.toMatchObject({ limit: { used: 2 * WORST + 2 } })
})

test('tools, their calls and the shape of the answer are paid like words', async () => {
  const tools = [{ name: 'opening_hours', description: 'When the shop is open.' }]
  const toolCalls = [{ id: 'call_1', name: 'opening_hours', arguments: '{}' }]
  const format = { type: 'json_object' } as const
  const bytes = [tools[0], toolCalls, format].reduce((sum, part) => sum + JSON.stringify(part).length + 8, 0)
  const messages = [
    { role: 'user', content: QUESTION },
    { role: 'assistant', content: '', toolCalls },
  ] as const
  await complete('v_1', { messages, tools, parameters: { response_format: format } })
  expect(await reserved()).toEqual([{ tokens: WORST + 8 + bytes }])
})
