import { afterEach, expect, test } from 'vitest'
import type { Caller } from '../../domain/caller.js'
import { NO_LIMITS, type Limits } from '../../domain/limits.js'
import type { ModelDirectory } from '../../domain/ports/index.js'
import { PriceList } from '../../domain/prices.js'
import { ScriptedModel } from '../testing/scripted-model.js'
import { createWorld, type World } from '../testing/test-world.js'

const BIG = { prompt: 1_000_000, completion: 2_000_000 }
const SMALL = { prompt: 10_000, completion: 20_000 }

let world: World
let small: ScriptedModel
afterEach(() => world.close())

async function build(limits: Partial<Limits>, smallerModel: string | null = 'small-1'): Promise<void> {
  small = new ScriptedModel('small-1')
  world = await createWorld({
    tenant: { limits: { ...NO_LIMITS, ...limits }, smallerModel },
    replace: ({ models, prices }) => ({
      models: withSmaller(models),
      prices: new PriceList(new Map([['small-1', SMALL]])).with('scripted-1', prices.of('scripted-1') ?? BIG),
    }),
  })
  await world.conversation()
}

const withSmaller = (models: ModelDirectory): ModelDirectory => ({
  usual: (tenant) => models.usual(tenant),
  smaller: (tenant) => (tenant.smallerModel === null ? null : small),
  names: (tenant) => [...models.names(tenant), small.name],
  named: (tenant, name) => (name === small.name ? small : models.named(tenant, name)),
  all: (tenants) => models.all(tenants),
})

let made = 0
/** Asks, and has the answer cost so much of prompt and completion. */
async function ask(
  model: ScriptedModel,
  tokens: [prompt: number, completion: number],
  caller: Caller = world.alice,
) {
  const runId = `r_${(made += 1).toString().padStart(5, '0')}`
  await world.useCases.sendMessage.execute(caller, { conversationId: 'c_00001', content: 'Hello?', runId })
  const call = await model.nextCall()
  const [prompt_tokens, completion_tokens] = tokens
  call
    .say('Hi!')
    .end('stop', { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens })
  return world.ended(runId)
}

const warnings = async () =>
  world.database.kysely.selectFrom('events').select('data').where('type', '=', 'budget.warned').execute()

test('the usual model, the warning, the smaller model, the clear answer', async () => {
  await build({ moneyPerDay: { user: 1_000, tenant: null } })
  expect(await ask(world.model, [100, 300])).toMatchObject({ model: 'scripted-1' })
  expect(await warnings()).toEqual([])
  // 700 are spent, and what the usual model may cost at most would still fit.
  expect(await ask(world.model, [10, 50])).toMatchObject({ model: 'scripted-1' })
  expect(await warnings()).toHaveLength(1)
  // 810 are: more than four fifths.
  expect(await ask(small, [1_000, 8_900])).toMatchObject({ model: 'small-1' })
  // 998 are: not even the smaller one fits.
  const refused = ask(small, [0, 0])
  await expect(refused).rejects.toMatchObject({
    code: 'quota-exceeded',
    limit: { name: 'money_per_day', scope: 'user', max: 1_000, used: 998 },
  })
  expect(await warnings()).toHaveLength(1)
})

test('the smaller model answers when the usual one no longer fits into the rest', async () => {
  await build({ moneyPerDay: { user: 300, tenant: null } })
  expect(await ask(world.model, [20, 50])).toMatchObject({ model: 'scripted-1' })
  expect(await ask(small, [10, 10])).toMatchObject({ model: 'small-1' })
})

test('without a smaller model the usual one answers until the end', async () => {
  await build({ moneyPerDay: { user: 300, tenant: null } }, null)
  await ask(world.model, [20, 50])
  await expect(ask(world.model, [0, 0])).rejects.toMatchObject({ code: 'quota-exceeded' })
})

test('messages are no budget: the last of them is as good as the first', async () => {
  await build({ messagesPerDay: { user: 2 } })
  for (let n = 0; n < 2; n += 1) expect(await ask(world.model, [1, 1])).toMatchObject({ model: 'scripted-1' })
  await expect(ask(world.model, [1, 1])).rejects.toMatchObject({ code: 'quota-exceeded' })
})

test('an OpenAI client is told which model answered', async () => {
  await build({ moneyPerDay: { user: 300, tenant: null } })
  await ask(world.model, [20, 80])
  const input = { model: 'scripted-1', messages: [{ role: 'user', content: 'Hello?' }] } as const
  const completion = await world.useCases.completeChat.execute(
    world.alice,
    input,
    new AbortController().signal,
  )
  expect(completion.model).toBe('small-1')
  ;(await small.nextCall()).say('Hi!').end()
  for await (const _ of completion.events);
})
