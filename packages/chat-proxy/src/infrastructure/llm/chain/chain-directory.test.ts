import { beforeEach, expect, test } from 'vitest'
import { answering, ScriptedModel } from '../../../application/testing/scripted-model.js'
import { ModelError } from '../../../domain/model-error.js'
import { tenantOf, type Tenant } from '../../../domain/tenant.js'
import { FakeClock } from '../../time/testing/fake-clock.js'
import { RecordingSink } from '../testing/recording-sink.js'
import { ChainDirectory } from './chain-directory.js'
import { ModelChain, type ChainProvider } from './model-chain.js'

const clock = new FakeClock()
let models: Record<'big' | 'other' | 'small', ScriptedModel>
let directory: ChainDirectory

beforeEach(() => {
  models = {
    big: new ScriptedModel('big'),
    other: new ScriptedModel('other'),
    small: new ScriptedModel('small'),
  }
  for (const model of Object.values(models)) model.script = answering(model.name)
  const links: Record<string, ChainProvider> = {
    one: { name: 'one', model: models.big },
    two: { name: 'two', model: models.other },
    'two:small': { name: 'two', model: models.small },
  }
  const [one, two] = [links['one'], links['two']]
  if (!one || !two) throw new Error('unreachable')
  directory = new ChainDirectory({
    installation: [one, two],
    find: (name) => links[name] ?? null,
    chainOf: (providers) => new ModelChain({ providers, clock, retry: { tries: 1 } }),
  })
})

const tenant = (over: Partial<Tenant> = {}) => tenantOf({ id: 'acme', ...over })

/** Which model answers. */
async function answerOf(model: ReturnType<ChainDirectory['named']>): Promise<string> {
  const sink = new RecordingSink()
  await model?.generate({ messages: [] }, sink, new AbortController().signal)
  return sink.text
}
const down = (call: { fail(error: unknown): void }): void => call.fail(new ModelError('unavailable', 'down'))

test('a tenant that names no models has those of the installation', async () => {
  expect(directory.names(tenant())).toEqual(['big', 'other'])
  expect(await answerOf(directory.usual(tenant()))).toBe('big')
  expect(directory.smaller(tenant())).toBeNull()
})

test('a tenant has its own, in its own order, and no others', async () => {
  const own = tenant({ models: ['two:small', 'two'] })
  expect(directory.names(own)).toEqual(['small', 'other'])
  expect(await answerOf(directory.usual(own))).toBe('small')
  expect(directory.named(own, 'big')).toBeNull()
  models.small.script = down
  expect(await answerOf(directory.usual(own))).toBe('other')
})

test('the smaller model can be asked for, and stands alone', async () => {
  const own = tenant({ models: ['one'], smallerModel: 'two:small' })
  expect(directory.names(own)).toEqual(['big', 'small'])
  expect(await answerOf(directory.smaller(own))).toBe('small')
  expect(await answerOf(directory.named(own, 'small'))).toBe('small')
  models.small.script = down
  await expect(answerOf(directory.smaller(own))).rejects.toMatchObject({ code: 'unavailable' })
  expect(models.big.calls).toHaveLength(0)
})

test('a model that is asked for by name comes first, and the others of the tenant behind it', async () => {
  expect(await answerOf(directory.named(tenant(), 'other'))).toBe('other')
  models.other.script = down
  expect(await answerOf(directory.named(tenant(), 'other'))).toBe('big')
})

test('tenants with the same models share one chain, and what it knows of its providers', () => {
  const [one, other] = [tenant({ models: ['one', 'two'] }), tenantOf({ id: 'bolt', models: ['one', 'two'] })]
  expect(directory.usual(one)).toBe(directory.usual(other))
  expect(directory.usual(one)).toBe(directory.usual(tenant()))
})

test('all models are those of the installation, of every tenant, and what was asked before', () => {
  const [first, other] = [
    { provider: 'one', model: 'big' },
    { provider: 'two', model: 'other' },
  ]
  const small = { provider: 'two', model: 'small' }
  expect(directory.all([tenant()])).toEqual([first, other])
  expect(directory.all([tenant(), tenant({ smallerModel: 'two:small' })])).toEqual([first, other, small])
  expect(directory.all([tenant({ models: ['two:small', 'nobody'] })])).toEqual([first, other, small])
  // A tenant that had it is gone; its answer may still be made.
  directory.usual(tenant({ models: ['two:small'] }))
  expect(directory.all([tenant()])).toEqual([first, other, small])
})
