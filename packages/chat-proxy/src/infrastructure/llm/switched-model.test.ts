import { beforeEach, expect, test } from 'vitest'
import { answering, ScriptedModel } from '../../application/testing/scripted-model.js'
import { KillSwitches } from '../../domain/kill-switch.js'
import { FakeClock } from '../time/testing/fake-clock.js'
import { ModelChain } from './chain/model-chain.js'
import { SwitchedModel } from './switched-model.js'
import { RecordingSink } from './testing/recording-sink.js'

let switches: KillSwitches
let upstream: ScriptedModel
let model: SwitchedModel

beforeEach(() => {
  switches = new KillSwitches()
  upstream = new ScriptedModel('gpt-x')
  model = new SwitchedModel('openai', upstream, switches)
})

const turnOff = (name: string): void =>
  switches.replace([{ target: { scope: 'model', model: name }, since: 0, reason: '' }])
const never = new AbortController().signal
const generate = (sink = new RecordingSink(), signal = never) =>
  model.generate({ messages: [] }, sink, signal)

test('answers as the model does while it is on', async () => {
  upstream.script = answering('Hi!')
  const sink = new RecordingSink()
  await generate(sink)
  expect(sink.text).toBe('Hi!')
  expect(model.isOff).toBe(false)
})

test.each(['gpt-x', 'openai:gpt-x'])('is not asked while %s is off', async (name) => {
  turnOff(name)
  expect(model.isOff).toBe(true)
  await expect(generate()).rejects.toMatchObject({ code: 'switched-off' })
  expect(upstream.calls).toHaveLength(0)
})

test.each(['gpt-y', 'groq:gpt-x'])('is on while %s is off', async (name) => {
  turnOff(name)
  expect(model.isOff).toBe(false)
})

test('is stopped in the middle of an answer', async () => {
  const sink = new RecordingSink()
  const running = generate(sink)
  const call = await upstream.nextCall()
  call.say('Half')
  await sink.firstDelta
  turnOff('another-one')
  expect(call.signal.aborted).toBe(false)
  turnOff('gpt-x')
  expect(call.signal.aborted).toBe(true)
  await expect(running).rejects.toMatchObject({ code: 'switched-off' })
  expect(sink.text).toBe('Half')
})

test('whoever stopped it first is the reason', async () => {
  const stop = new AbortController()
  const running = generate(new RecordingSink(), stop.signal)
  await upstream.nextCall()
  stop.abort()
  turnOff('gpt-x')
  await expect(running).rejects.toMatchObject({ code: 'aborted' })
})

test('in a chain the next one answers, and nobody takes the provider for a bad one', async () => {
  const other = new ScriptedModel('other')
  other.script = answering('From the other.')
  const chain = new ModelChain({
    providers: [
      { name: 'openai', model },
      { name: 'two', model: other },
    ],
    clock: new FakeClock(),
    breaker: { failures: 1, pause: 60_000 },
  })
  turnOff('gpt-x')
  const sink = new RecordingSink()
  await chain.generate({ messages: [] }, sink, never)
  expect(sink.text).toBe('From the other.')
  expect(chain.health[0]).toMatchObject({ state: 'closed' })
  expect(chain.isOff).toBe(false)
})
