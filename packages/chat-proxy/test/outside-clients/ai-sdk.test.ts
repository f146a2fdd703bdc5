import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, jsonSchema, streamText, tool } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering, USAGE } from '../../src/application/testing/scripted-model.js'
import { ModelError } from '../../src/domain/model-error.js'
import { openWorld, type OutsideWorld } from './world.js'

let world: OutsideWorld
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const modelOf = (name = 'scripted-1') =>
  createOpenAICompatible({
    name: 'colloquy',
    baseURL: world.baseURL,
    apiKey: world.token,
    includeUsage: true,
  })(name)

describe('the AI SDK with its provider for compatible servers', () => {
  test('generates a text', async () => {
    world.model.script = answering('Hel', 'lo.')
    const { text, usage, finishReason } = await generateText({
      model: modelOf(),
      instructions: 'Rhyme.',
      prompt: 'Hello?',
      temperature: 0.5,
    })
    expect({ text, finishReason }).toEqual({ text: 'Hello.', finishReason: 'stop' })
    expect(usage).toMatchObject({ inputTokens: USAGE.prompt_tokens, outputTokens: USAGE.completion_tokens })
    expect(world.model.calls[0]?.request).toMatchObject({
      messages: [
        { role: 'system' },
        { role: 'system', content: 'Rhyme.' },
        { role: 'user', content: 'Hello?' },
      ],
      parameters: { temperature: 0.5 },
    })
  })

  test('streams a text and what was thought before it', async () => {
    world.model.script = (call) => call.think('Hm.').say('Hel', 'lo.').end('stop', USAGE)
    const result = streamText({ model: modelOf(), prompt: 'Hello?' })
    const deltas: string[] = []
    for await (const delta of result.textStream) deltas.push(delta)
    expect(deltas.join('')).toBe('Hello.')
    expect(await result.reasoningText).toBe('Hm.')
    expect(await result.usage).toMatchObject({ totalTokens: USAGE.total_tokens })
  })

  test.each([true, false])('calls a tool and goes on with what it gave (streamed: %s)', async (isStream) => {
    world.model.script = (call) =>
      world.model.calls.length === 1
        ? call
            .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '{"at":"sky"}' })
            .end('tool_calls')
        : call.say('It is blue.').end()
    const look = tool({
      description: 'Looks at something.',
      inputSchema: jsonSchema<{ at: string }>({
        type: 'object',
        properties: { at: { type: 'string' } },
        required: ['at'],
      }),
      execute: ({ at }) => (at === 'sky' ? 'blue' : 'grey'),
    })
    const request = {
      model: modelOf(),
      prompt: 'What colour is the sky?',
      tools: { look },
      stopWhen: ({ steps }: { steps: readonly unknown[] }) => steps.length === 3,
    }
    const text = isStream ? await streamText(request).text : (await generateText(request)).text
    expect(text).toBe('It is blue.')
    expect(world.model.calls).toHaveLength(2)
    expect(world.model.calls[1]?.request.messages.slice(-2)).toMatchObject([
      { role: 'assistant', toolCalls: [{ id: 'call_1', name: 'look', arguments: '{"at":"sky"}' }] },
      { role: 'tool', toolCallId: 'call_1', content: 'blue' },
    ])
  })

  test('learns of a refusal with its status, and of an answer that broke off', async () => {
    const refused = generateText({ model: modelOf('gpt-0'), prompt: 'Hello?' })
    await expect(refused).rejects.toBeInstanceOf(APICallError)
    await expect(refused).rejects.toMatchObject({ statusCode: 404, isRetryable: false })
    world.model.script = (call) => call.say('Half').fail(new ModelError('broken', 'secret words'))
    const errors: unknown[] = []
    const result = streamText({
      model: modelOf(),
      prompt: 'Hello?',
      onError: ({ error }) => void errors.push(error),
    })
    await result.consumeStream()
    expect(errors).toHaveLength(1)
    expect(JSON.stringify(errors)).not.toContain('secret')
  })

  test('stops the model when it is told to', async () => {
    const stop = new AbortController()
    const result = streamText({ model: modelOf(), prompt: 'Hello?', abortSignal: stop.signal })
    const reading = result.consumeStream()
    const call = await world.model.nextCall()
    call.say('Half')
    stop.abort()
    await reading
    await expect.poll(() => call.signal.aborted).toBe(true)
  })
})
