import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { loadConfig } from '../config/load-config.js'
import { PinoLogger } from '../infrastructure/logging/pino-logger.js'
import { openSqlite, type SqlDatabase } from '../infrastructure/sql/index.js'
import { FakeClock } from '../infrastructure/time/testing/fake-clock.js'
import { openTenants } from './open-tenants.js'

const EXAMPLE = fileURLToPath(new URL('../../../../docs/tenants.example.json', import.meta.url))
const PROVIDERS = { LLM_PROVIDER: 'groq,openai', GROQ_API_KEY: 'k', OPENAI_API_KEY: 'k' }
const PRICED = 'openai/gpt-oss-120b=1/1,openai/gpt-oss-20b=1/1,gpt-6-luna=1/1,gpt-5-mini=1/1'

const opened: SqlDatabase[] = []
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})

const open = async (env: Record<string, string>) => {
  const config = loadConfig({ TENANTS_FILE: EXAMPLE, ...env })
  const logger = new PinoLogger({ level: 'silent' })
  const database = await openSqlite({ file: ':memory:' })
  opened.push(database)
  return openTenants({ config, database, clock: new FakeClock(), logger })
}

const priced = (env: Record<string, string>): Record<string, string> => {
  const { model } = loadConfig(env)
  const names = model.kind === 'chain' ? model.providers.map((provider) => provider.model) : []
  const others = names.filter((name) => !PRICED.includes(`${name}=`)).map((name) => `${name}=1/1`)
  return { ...env, PRICES: [PRICED, ...others].join(',') }
}

test('the example of the documentation is served as it stands', async () => {
  const tenants = await open(priced(PROVIDERS))
  expect(await tenants.directory.findByKey('pk_shop_2027')).toMatchObject({
    id: 'shop',
    greeting: 'Hi! What are you looking for?',
  })
  expect(await tenants.directory.find('intranet')).toMatchObject({ identity: { audiences: ['chat'] } })
  expect(await tenants.directory.find('default')).toBeNull()
  await tenants.close()
})

test('models of a provider that the installation has not are refused', async () => {
  const env = priced({ LLM_PROVIDER: 'groq', GROQ_API_KEY: 'k' })
  await expect(open(env)).rejects.toMatchObject({
    problems: [
      'TENANTS_FILE: shop.models: must name providers of LLM_PROVIDER, as provider or provider:model',
    ],
  })
})

test('money that cannot be counted cannot be limited', async () => {
  await expect(open({ ...PROVIDERS, BUILT_IN_PRICES: 'false' })).rejects.toMatchObject({
    problems: expect.arrayContaining([
      'TENANTS_FILE: shop.smaller_model: must have its price in PRICES, because a budget is set',
    ]),
  })
})

test('money that cannot be counted cannot be limited, also where a tenant has the models of the installation', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-tenants-'))
  const path = join(folder, 'tenants.json')
  const limits = { budget_usd_per_day: { tenant: 1 } }
  writeFileSync(path, JSON.stringify({ tenants: [{ id: 'shop', publishable_keys: ['pk_shop'], limits }] }))
  const env = { ...PROVIDERS, TENANTS_FILE: path }
  await (await open(priced(env))).close()
  await expect(open({ ...env, BUILT_IN_PRICES: 'false' })).rejects.toMatchObject({
    problems: [
      'TENANTS_FILE: shop.limits: a budget needs the price of every model in PRICES, and it has those of LLM_PROVIDER',
    ],
  })
  rmSync(folder, { recursive: true })
})

test('a limit that leaves no room for one answer is told, unless the smaller model may give it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-tenants-'))
  const path = join(folder, 'tenants.json')
  // An answer of 4,096 tokens costs 0.008192 dollars, of the smaller model a tenth.
  const env = {
    LLM_BASE_URL: 'https://model.example/v1',
    LLM_MODEL: 'large',
    PRICES: 'large=1/2,small=0.1/0.2',
    TENANTS_FILE: path,
  }
  const write = (over: object): void =>
    writeFileSync(path, JSON.stringify({ tenants: [{ id: 'shop', publishable_keys: ['pk_shop'], ...over }] }))
  write({ limits: { tokens_per_day: { user: 4_095 }, budget_usd_per_day: { tenant: 0.008 } } })
  const words = 'leaves no room for a single answer of MAX_ANSWER_TOKENS; raise it, or lower that'
  await expect(open(env)).rejects.toMatchObject({
    problems: [
      `TENANTS_FILE: shop.limits.tokens_per_day.user: ${words}`,
      `TENANTS_FILE: shop.limits.budget_usd_per_day.tenant: ${words}`,
    ],
  })
  write({ limits: { budget_usd_per_day: { tenant: 0.008 } }, smaller_model: 'custom:small' })
  await (await open(env)).close()
  write({ limits: { tokens_per_day: { user: 0 }, budget_usd_per_day: { tenant: 0.0082 } } })
  await (await open(env)).close()
  rmSync(folder, { recursive: true })
})

test('a file that is not there is told', async () => {
  await expect(open({ TENANTS_FILE: '/nowhere/tenants.json' })).rejects.toMatchObject({
    problems: ['TENANTS_FILE: the file is not there or cannot be read'],
  })
})
