import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from 'openai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answering, USAGE, type ScriptedCall } from '../../src/application/testing/scripted-model.js'
import { ModelError } from '../../src/domain/model-error.js'
import { openWorld, type OutsideWorld } from './world.js'

let world: OutsideWorld
let client: OpenAI
beforeEach(async () => {
  world = await openWorld()
  client = new OpenAI({ baseURL: world.baseURL, apiKey: world.token })
})
afterEach(() => world.close())

const REQUEST = {
  model: 'scripted-1',
  messages: [{ role: 'user' as const, content: 'Hello?' }],
}

const TOOLS: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } },
  },
]

const callingTools = (call: ScriptedCall): void =>
  call
    .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '{"at":' })
    .call({ index: 0, id: 'call_1', name: 'look', argumentsDelta: '"sky"}' })
    .end('tool_calls', USAGE)

describe('the openai package', () => {
  test('gets an answer in one piece', async () => {
    world.model.script = answering('Hel', 'lo.')
    const completion = await client.chat.completions.create(REQUEST)
    expect(completion.choices[0]?.message.content).toBe('Hello.')
    expect(completion).toMatchObject({ model: 'scripted-1', usage: USAGE })
  })

  test('iterates over a stream', async () => {
    world.model.script = answering('Hel', 'lo.')
    const stream = await client.chat.completions.create({
      ...REQUEST,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let [usage, finish]: [unknown, unknown] = [null, null]
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      finish = chunk.choices[0]?.finish_reason ?? finish
      usage = chunk.usage ?? usage
    }
    expect({ text, usage, finish }).toEqual({ text: 'Hello.', usage: USAGE, finish: 'stop' })
  })

  test('helps itself with .stream()', async () => {
    world.model.script = answering('Hel', 'lo.')
    const deltas: string[] = []
    const stream = client.chat.completions
      .stream({ ...REQUEST, stream_options: { include_usage: true } })
      .on('content', (delta) => void deltas.push(delta))
    expect(await stream.finalContent()).toBe('Hello.')
    expect(deltas).toEqual(['Hel', 'lo.'])
    expect(await stream.totalUsage()).toMatchObject(USAGE)
  })

  test('has tools called and tells what they gave', async () => {
    world.model.script = callingTools
    const { choices } = await client.chat.completions.create({ ...REQUEST, tools: TOOLS })
    const asked = choices[0]?.message
    expect(asked?.tool_calls).toMatchObject([
      { id: 'call_1', function: { name: 'look', arguments: '{"at":"sky"}' } },
    ])
    if (!asked) throw new Error('There is no message.')
    world.model.script = answering('It is blue.')
    await client.chat.completions.create({
      ...REQUEST,
      tools: TOOLS,
      messages: [...REQUEST.messages, asked, { role: 'tool', tool_call_id: 'call_1', content: 'blue' }],
    })
    expect(world.model.calls[1]?.request.messages.slice(-2)).toEqual([
      {
        role: 'assistant',
        content: '',
        toolCalls: [{ id: 'call_1', name: 'look', arguments: '{"at":"sky"}' }],
      },
      { role: 'tool', toolCallId: 'call_1', content: 'blue' },
    ])
  })

  test('runs tools by itself', async () => {
    world.model.script = (call) =>
      world.model.calls.length === 1 ? callingTools(call) : call.say('It is blue.').end()
    const runner = client.chat.completions.runTools({
      ...REQUEST,
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'look',
            description: 'Looks at something.',
            parameters: { type: 'object', properties: { at: { type: 'string' } } },
            parse: (json: string) => JSON.parse(json) as { at: string },
            function: ({ at }: { at: string }) => (at === 'sky' ? 'blue' : 'grey'),
          },
        },
      ],
    })
    expect(await runner.finalContent()).toBe('It is blue.')
    expect(world.model.calls[1]?.request.messages.at(-1)).toMatchObject({ role: 'tool', content: 'blue' })
  })

  test('stops the model when it lets go', async () => {
    const stream = await Promise.all([
      client.chat.completions.create({ ...REQUEST, stream: true }),
      world.model.nextCall().then((call) => call.say('Half')),
    ]).then(([opened]) => opened)
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    await expect.poll(() => world.model.calls[0]?.signal.aborted).toBe(true)
  })

  test('lists the models', async () => {
    const ids: string[] = []
    for await (const { id } of client.models.list()) ids.push(id)
    expect(ids).toEqual(['scripted-1'])
  })

  test('throws its own kinds of errors, with the id of the request', async () => {
    const nobody = new OpenAI({ baseURL: world.baseURL, apiKey: 'nobody' })
    await expect(nobody.chat.completions.create(REQUEST)).rejects.toBeInstanceOf(AuthenticationError)
    const unknown = client.chat.completions.create({ ...REQUEST, model: 'gpt-0' })
    await expect(unknown).rejects.toBeInstanceOf(NotFoundError)
    await expect(unknown).rejects.toMatchObject({ code: 'model_not_found', param: 'model' })
    const wrong = client.chat.completions.create({ ...REQUEST, n: 2 })
    await expect(wrong).rejects.toBeInstanceOf(BadRequestError)
    await expect(wrong).rejects.toMatchObject({
      param: 'n',
      type: 'invalid_request_error',
      requestID: expect.stringMatching(/./),
    })
    expect(world.model.calls).toHaveLength(0)
  })

  test('does not ask again by itself where the model may have run', async () => {
    world.model.script = (call) => call.fail(new ModelError('broken', 'secret words'))
    await expect(client.chat.completions.create(REQUEST)).rejects.toMatchObject({ status: 502 })
    expect(world.model.calls).toHaveLength(1)
  })

  test('throws when an answer breaks off', async () => {
    world.model.script = (call) => call.say('Half').fail(new ModelError('broken', 'secret words'))
    const stream = client.chat.completions.stream(REQUEST)
    await expect(stream.finalContent()).rejects.toThrow('broke off')
  })

  test('reads a run of ours like any stream', async () => {
    world.model.script = answering('Hel', 'lo.')
    const headers = { Authorization: `Bearer ${world.token}`, 'Content-Type': 'application/json' }
    const create = (path: string, body: object): Promise<Response> =>
      fetch(`${world.proxy.url}/api/v1/conversations${path}`, {
        method: 'POST',
        headers: { ...headers, Accept: 'text/event-stream' },
        body: JSON.stringify(body),
      })
    await create('', { id: 'c_00001' })
    const response = await create('/c_00001/messages', { content: 'Hello?' })
    // The package's own reader, fed with the bytes of a run.
    const asOpenAi = new OpenAI({
      baseURL: world.baseURL,
      apiKey: 'x',
      fetch: () => Promise.resolve(response),
    })
    expect(await asOpenAi.chat.completions.stream(REQUEST).finalContent()).toBe('Hello.')
  })
})
