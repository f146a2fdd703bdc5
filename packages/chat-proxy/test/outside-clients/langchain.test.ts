import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering, USAGE } from '../../src/application/testing/scripted-model.js'
import { ModelError } from '../../src/domain/model-error.js'
import { openWorld, type OutsideWorld } from './world.js'

let world: OutsideWorld
let chat: ChatOpenAI
beforeEach(async () => {
  world = await openWorld()
  chat = new ChatOpenAI({
    model: 'scripted-1',
    apiKey: world.token,
    configuration: { baseURL: world.baseURL },
    temperature: 0,
    maxRetries: 0,
  })
})
afterEach(() => world.close())

const LOOK = {
  type: 'function' as const,
  function: {
    name: 'look',
    description: 'Looks at something.',
    parameters: { type: 'object', properties: { at: { type: 'string' } } },
  },
}

describe("LangChain's ChatOpenAI", () => {
  test('invokes', async () => {
    world.model.script = answering('Hel', 'lo.')
    const message = await chat.invoke([
      ['system', 'Rhyme.'],
      ['human', 'Hello?'],
    ])
    expect(message.content).toBe('Hello.')
    expect(message.usage_metadata).toMatchObject({ input_tokens: 3, output_tokens: 2, total_tokens: 5 })
    expect(world.model.calls[0]?.request).toMatchObject({
      messages: [
        { role: 'system' },
        { role: 'system', content: 'Rhyme.' },
        { role: 'user', content: 'Hello?' },
      ],
      parameters: { temperature: 0 },
    })
  })

  test('streams', async () => {
    world.model.script = answering('Hel', 'lo.')
    const pieces: string[] = []
    for await (const chunk of await chat.stream('Hello?')) pieces.push(chunk.text)
    expect(pieces.filter(Boolean)).toEqual(['Hel', 'lo.'])
    const message = await joined(chat.stream('Hello?'))
    expect(message.usage_metadata).toMatchObject({ total_tokens: USAGE.total_tokens })
  })

  test.each([true, false])('has tools called and tells what they gave (streamed: %s)', async (isStream) => {
    world.model.script = (call) =>
      call
        .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '{"at":' })
        .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '"sky"}' })
        .end('tool_calls', USAGE)
    const withTools = chat.bindTools([LOOK], { tool_choice: 'any' })
    const question = new HumanMessage('What colour is the sky?')
    const asked = isStream ? await joined(withTools.stream([question])) : await withTools.invoke([question])
    expect(asked.tool_calls).toMatchObject([{ id: 'call_1', name: 'look', args: { at: 'sky' } }])
    expect(world.model.calls[0]?.request).toMatchObject({ tools: [{ name: 'look' }], toolChoice: 'required' })
    world.model.script = answering('It is blue.')
    const result = new ToolMessage({ tool_call_id: 'call_1', name: 'look', content: 'blue' })
    const answer = await withTools.invoke([question, asked, result])
    expect(answer.content).toBe('It is blue.')
    expect(world.model.calls[1]?.request.messages.slice(-2)).toMatchObject([
      { role: 'assistant', toolCalls: [{ id: 'call_1', name: 'look', arguments: '{"at":"sky"}' }] },
      { role: 'tool', toolCallId: 'call_1', content: 'blue' },
    ])
  })

  test('throws what went wrong', async () => {
    const nobody = new ChatOpenAI({
      model: 'scripted-1',
      apiKey: 'nobody',
      configuration: { baseURL: world.baseURL },
      maxRetries: 0,
    })
    await expect(nobody.invoke('Hello?')).rejects.toMatchObject({ status: 401 })
    world.model.script = (call) => call.say('Half').fail(new ModelError('broken', 'secret words'))
    await expect(joined(chat.stream('Hello?'))).rejects.toThrow('broke off')
  })
})

/** The message that the chunks of a stream are together. */
async function joined(opening: ReturnType<ChatOpenAI['stream']>) {
  let message: Awaited<ReturnType<ChatOpenAI['invoke']>> | undefined
  for await (const chunk of await opening) message = message ? message.concat(chunk) : chunk
  if (!message) throw new Error('The stream was empty.')
  return message
}
