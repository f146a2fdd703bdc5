import { describe, expect, test } from 'vitest'
import { PRESETS } from '../infrastructure/llm/presets.js'
import { ConfigError } from './config.js'
import { loadConfig } from './load-config.js'
import { LIMIT_VARIABLES } from './limit-variables.js'
import { QUOTA_VARIABLES } from './quota-variables.js'
import { CHAT_VARIABLES, MODEL_VARIABLES, SERVER_VARIABLES } from './variables.js'

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('without any variable', () => {
  test('everything has a value that works', () => {
    expect(loadConfig({})).toMatchObject({
      server: { port: 8787, host: '127.0.0.1', shutdownGraceMs: 10_000, widgetDir: null },
      store: { kind: 'sqlite', file: 'data/colloquy.db' },
      model: { kind: 'demo' },
      settings: {
        maxMessageChars: 8000,
        context: { messages: 20, tokens: 16_000, summarise: false },
        heartbeatMs: 10_000,
        noReaderGraceMs: 300_000,
      },
      tenant: { id: 'default', publishableKeys: [], allowedOrigins: [], suggestions: [] },
      sessionTtlSeconds: 3600,
      logLevel: 'info',
    })
    expect(loadConfig({}).tenant.systemPrompt).toMatch(/markdown/i)
  })

  test('a variable that is set to nothing counts as not set', () => {
    expect(loadConfig({ PORT: '', LLM_API_KEY: ' ', ALLOWED_ORIGINS: '' })).toEqual(loadConfig({}))
  })

  test('every variable says what it is for', () => {
    for (const [name, schema] of Object.entries({
      ...SERVER_VARIABLES,
      ...CHAT_VARIABLES,
      ...LIMIT_VARIABLES,
      ...QUOTA_VARIABLES,
      ...MODEL_VARIABLES,
    })) {
      expect([name, schema.description]).toEqual([name, expect.stringMatching(/\.$/)])
    }
  })
})

describe('what is not set', () => {
  test('is no greeting: the widget has one in each language', () => {
    expect(loadConfig({}).tenant.greeting).toBe('')
  })
})

describe('what is set', () => {
  test('is taken over', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgres://u:p@db/colloquy',
      REDIS_URL: 'rediss://:p@redis:6380',
      ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443/',
      SUGGESTIONS: 'What is it, really?|How much?',
      PUBLISHABLE_KEY: 'pk_1',
      HEARTBEAT_SECONDS: '5',
    })
    expect(config).toMatchObject({
      server: { port: 0, host: '0.0.0.0' },
      store: { kind: 'postgres', url: 'postgres://u:p@db/colloquy' },
      redisUrl: 'rediss://:p@redis:6380',
      settings: { heartbeatMs: 5_000 },
      tenant: {
        allowedOrigins: ['https://a.example', 'https://b.example:8443'],
        suggestions: ['What is it, really?', 'How much?'],
        publishableKeys: [{ key: 'pk_1', expiresAt: null }],
      },
    })
  })
})

describe('limits', () => {
  test('are those of the free tier when nothing is said', () => {
    const { tenant, settings } = loadConfig({})
    expect(tenant.limits).toMatchObject({ messagesPerDay: { user: 100 }, moneyPerDay: { user: null } })
    expect(settings.budget).toEqual({
      installation: { tokensPerDay: 10_000_000, moneyPerDay: null, moneyPerMonth: null },
      limitAdmins: false,
      maxAnswerTokens: 4096,
    })
    const off = loadConfig({ TOKENS_PER_DAY_INSTALLATION: 'off' })
    expect(off.settings.budget.installation.tokensPerDay).toBeNull()
    expect(loadConfig({ TIER: 'pro' }).tenant.limits.messagesPerDay.user).toBe(1_000)
    expect(loadConfig({ TIER: 'enterprise' }).tenant.limits.messagesPerDay.user).toBeNull()
  })

  test('take money in dollars, and prices for a million tokens', () => {
    const { tenant, settings, prices } = loadConfig({
      BUDGET_USD_PER_DAY: '12.50',
      BUDGET_USD_PER_MONTH_USER: '0.75',
      MESSAGES_PER_DAY: '7',
      TIME_ZONE: 'Europe/Berlin',
      PRICES: 'gpt-6-luna=0.15/0.60, meta/llama:70b=1/2',
    })
    expect(settings.budget.installation.moneyPerDay).toBe(12_500_000)
    expect(tenant).toMatchObject({
      timeZone: 'Europe/Berlin',
      limits: { messagesPerDay: { user: 7 }, moneyPerMonth: { user: 750_000, tenant: null } },
    })
    expect(prices.of('gpt-6-luna')).toEqual({ prompt: 150_000, completion: 600_000 })
    expect(prices.of('meta/llama:70b')).toEqual({ prompt: 1_000_000, completion: 2_000_000 })
    expect(prices.of('other')).toBeNull()
  })

  test('what the operator says of a price goes before the built-in table, which can be left out', () => {
    const openai = { LLM_PROVIDER: 'openai', LLM_API_KEY: 'sk-1' }
    const { prices } = loadConfig({ ...openai, PRICES: 'gpt-6-luna=7/8' })
    expect(prices.of('gpt-6-luna')).toEqual({ prompt: 7_000_000, completion: 8_000_000 })
    expect(prices.of('gpt-4o-mini')).toEqual({ prompt: 150_000, completion: 600_000, asOf: '2026-05-27' })
    expect(loadConfig({ ...openai, BUILT_IN_PRICES: 'false' }).prices.of('gpt-4o-mini')).toBeNull()
    const elsewhere = { ...openai, LLM_BASE_URL: 'http://127.0.0.1:4000/v1' }
    expect(loadConfig(elsewhere).prices.of('gpt-4o-mini')).toBeNull()
  })

  test.each([
    ['BUILT_IN_PRICES', 'no'],
    ['PRICES', 'gpt=1'],
    ['PRICES', 'gpt=1/2,gpt=3/4'],
    ['PRICES', 'gpt=a/b'],
    ['BUDGET_USD_PER_DAY', '-1'],
    ['TOKENS_PER_DAY_INSTALLATION', 'none'],
    ['TOKENS_PER_DAY_INSTALLATION', '2000000000'],
    ['BUDGET_USD_PER_DAY', '1e3'],
    ['TIME_ZONE', 'Mars/Olympus'],
    ['TIER', 'gold'],
  ])('%s=%s is a mistake', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(new RegExp(`^${name}: `))
  })

  test('a budget needs the price of every model', () => {
    const groq = {
      LLM_PROVIDER: 'groq,openai:gpt-x',
      LLM_API_KEY: 'gsk-1',
      OPENAI_API_KEY: 'sk-1',
      BUDGET_USD_PER_DAY: '5',
    }
    expect(() => loadConfig(groq)).toThrow('PRICES: a budget needs the price of every model; missing: gpt-x')
    expect(() => loadConfig({ ...groq, BUILT_IN_PRICES: 'false' })).toThrow(
      'PRICES: a budget needs the price of every model; missing: openai/gpt-oss-120b, gpt-x',
    )
    expect(() => loadConfig({ ...groq, PRICES: 'gpt-x=1/2' })).not.toThrow()
    expect(() => loadConfig({ BUDGET_USD_PER_DAY: '5' })).not.toThrow()
  })

  test('have room for one answer at least, or nobody is meant to ask', () => {
    const endpoint = { LLM_BASE_URL: 'https://model.example/v1', LLM_MODEL: 'm', PRICES: 'm=1/10' }
    const isTold = (name: string, value: string): void => {
      const words = `${name}: leaves no room for a single answer of MAX_ANSWER_TOKENS; raise it, or lower that`
      expect(() => loadConfig({ ...endpoint, [name]: value })).toThrow(words)
    }
    for (const name of ['TOKENS_PER_DAY_USER', 'TOKENS_PER_DAY', 'TOKENS_PER_DAY_INSTALLATION']) {
      isTold(name, '4095')
      for (const value of ['0', '4096'])
        expect(() => loadConfig({ ...endpoint, [name]: value })).not.toThrow()
      expect(() => loadConfig({ ...endpoint, [name]: '500', MAX_ANSWER_TOKENS: '400' })).not.toThrow()
    }
    for (const span of ['DAY', 'MONTH', 'DAY_USER', 'MONTH_USER']) {
      // 4,096 tokens at ten dollars for a million.
      isTold(`BUDGET_USD_PER_${span}`, '0.0409')
      for (const value of ['0', '0.041'])
        expect(() => loadConfig({ ...endpoint, [`BUDGET_USD_PER_${span}`]: value })).not.toThrow()
    }
  })
})

describe('the model', () => {
  test.each(Object.entries(PRESETS).filter(([, { keyVariable }]) => keyVariable !== null))(
    'of %s takes its own key variable, its address and its model',
    (name, preset) => {
      const { model } = loadConfig({ LLM_PROVIDER: name, [preset.keyVariable ?? '']: 'sk-1' })
      expect(model).toMatchObject({
        providers: [{ name, baseUrl: preset.baseUrl, apiKey: 'sk-1', model: preset.defaultModel }],
      })
    },
  )

  test('variables of ours come before those of the preset', () => {
    const env = {
      LLM_PROVIDER: 'openai',
      OPENAI_API_KEY: 'sk-theirs',
      LLM_API_KEY: 'sk-ours',
      LLM_BASE_URL: 'http://127.0.0.1:1/v1',
      LLM_MODEL: 'mine',
    }
    expect(loadConfig(env).model).toMatchObject({
      providers: [{ baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'sk-ours', model: 'mine' }],
    })
  })

  test('on any address needs a name and no key', () => {
    const env = { LLM_BASE_URL: 'http://127.0.0.1:1/v1' }
    expect(loadConfig({ ...env, LLM_MODEL: 'mine' }).model).toMatchObject({
      providers: [{ name: 'custom', baseUrl: env.LLM_BASE_URL, apiKey: null, model: 'mine' }],
    })
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^LLM_MODEL: /)])
  })

  test('on a local server needs no key', () => {
    expect(loadConfig({ LLM_PROVIDER: 'ollama' }).model).toMatchObject({ providers: [{ apiKey: null }] })
  })

  test('without the key it needs is a problem that names both variables', () => {
    expect(problemsOf({ LLM_PROVIDER: 'groq' })).toEqual([
      expect.stringMatching(/^LLM_API_KEY: .*GROQ_API_KEY/),
    ])
  })

  test('a key that is for nobody goes to nobody', () => {
    expect(problemsOf({ LLM_API_KEY: 'sk-secret' })).toEqual([expect.stringMatching(/^LLM_PROVIDER: /)])
    expect(problemsOf({ LLM_MODEL: 'mine' })).toEqual([expect.stringMatching(/^LLM_PROVIDER: /)])
  })

  test('the demo can be asked for by name', () => {
    expect(loadConfig({ LLM_PROVIDER: 'demo', LLM_API_KEY: 'sk-1' }).model).toEqual({ kind: 'demo' })
  })
})

describe('several providers', () => {
  const KEYS = { GROQ_API_KEY: 'sk-groq', OPENAI_API_KEY: 'sk-openai' }

  test('are asked in the order in which they stand, each with its own key, address and model', () => {
    expect(loadConfig({ LLM_PROVIDER: 'groq, openai:gpt-x ,ollama:llama3.2:3b', ...KEYS }).model).toEqual({
      kind: 'chain',
      providers: [
        {
          name: 'groq',
          baseUrl: PRESETS.groq.baseUrl,
          apiKey: 'sk-groq',
          model: PRESETS.groq.defaultModel,
          quirks: {},
        },
        {
          name: 'openai',
          baseUrl: PRESETS.openai.baseUrl,
          apiKey: 'sk-openai',
          model: 'gpt-x',
          quirks: PRESETS.openai.quirks,
        },
        { name: 'ollama', baseUrl: PRESETS.ollama.baseUrl, apiKey: null, model: 'llama3.2:3b', quirks: {} },
      ],
      retryUnknown: false,
      breaker: { failures: 5, pauseMs: 30_000 },
    })
  })

  test('variables of ours are for the first of them alone', () => {
    const env = {
      LLM_PROVIDER: 'vllm,openai',
      LLM_BASE_URL: 'http://127.0.0.1:1/v1',
      LLM_API_KEY: 'sk-ours',
      LLM_MODEL: 'mine',
      OPENAI_API_KEY: 'sk-openai',
    }
    expect(loadConfig(env).model).toMatchObject({
      providers: [
        { name: 'vllm', baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'sk-ours', model: 'mine' },
        {
          name: 'openai',
          baseUrl: PRESETS.openai.baseUrl,
          apiKey: 'sk-openai',
          model: PRESETS.openai.defaultModel,
        },
      ],
    })
  })

  test('may be two models of one provider', () => {
    const env = { LLM_PROVIDER: 'openai:a,openai:b', OPENAI_API_KEY: 'sk-openai' }
    expect(loadConfig(env).model).toMatchObject({
      providers: [
        { model: 'a', apiKey: 'sk-openai' },
        { model: 'b', apiKey: 'sk-openai' },
      ],
    })
  })

  test('are tried and left alone as the operator says', () => {
    const env = {
      LLM_PROVIDER: 'ollama',
      LLM_RETRY_UNKNOWN: 'true',
      LLM_BREAKER_FAILURES: '2',
      LLM_BREAKER_SECONDS: '90',
    }
    expect(loadConfig(env).model).toMatchObject({
      retryUnknown: true,
      breaker: { failures: 2, pauseMs: 90_000 },
    })
  })

  const WRONG: readonly [Record<string, string>, readonly RegExp[]][] = [
    [{ LLM_PROVIDER: 'groq,secret-name', ...KEYS }, [/^LLM_PROVIDER: must be one of/]],
    [{ LLM_PROVIDER: ' , ' }, [/^LLM_PROVIDER: must be one of/]],
    [{ LLM_PROVIDER: 'groq,demo', ...KEYS }, [/^LLM_PROVIDER: must be demo alone/]],
    [{ LLM_PROVIDER: 'demo:secret-name' }, [/^LLM_PROVIDER: must be demo alone/]],
    [{ LLM_PROVIDER: 'groq,openai,groq', ...KEYS }, [/^LLM_PROVIDER: must name each model/]],
    [{ LLM_PROVIDER: 'groq,openai', LLM_API_KEY: 'sk-1' }, [/^OPENAI_API_KEY: must be set/]],
    [{ LLM_PROVIDER: 'groq,openai' }, [/^LLM_API_KEY: .*GROQ_API_KEY/, /^OPENAI_API_KEY: must be set/]],
    [{ LLM_PROVIDER: 'ollama,openai', OPENAI_API_KEY: 'secret name' }, [/^OPENAI_API_KEY: must be visible/]],
    [{ LLM_PROVIDER: 'ollama,vllm', LLM_MODEL: 'mine' }, [/^LLM_PROVIDER: must name a model of vllm/]],
    [{ LLM_PROVIDER: 'openai:secret-name', LLM_MODEL: 'mine', ...KEYS }, [/^LLM_MODEL: must be left out/]],
    [{ LLM_PROVIDER: 'ollama', LLM_RETRY_UNKNOWN: 'secret-name' }, [/^LLM_RETRY_UNKNOWN: must be one of/]],
    [{ LLM_PROVIDER: 'ollama', LLM_BREAKER_FAILURES: '0' }, [/^LLM_BREAKER_FAILURES: must be/]],
    [{ LLM_PROVIDER: 'ollama', LLM_BREAKER_SECONDS: '1.5' }, [/^LLM_BREAKER_SECONDS: must be/]],
  ]
  test.each(WRONG)('%j is a problem', (env, problems) => {
    expect(problemsOf(env)).toEqual(problems.map((problem) => expect.stringMatching(problem)))
    expect(problemsOf(env).join()).not.toMatch(/secret.name/)
  })
})

describe('mistakes', () => {
  test('are told all at once, each with its variable, and none with its value', () => {
    const secret = 'se cret'
    const problems = problemsOf({
      PORT: 'eighty',
      DATABASE_URL: `mysql://root:${secret}@db`,
      REDIS_URL: `http://${secret}@redis`,
      ALLOWED_ORIGINS: 'https://a.example/path, *',
      PUBLISHABLE_KEY: secret,
      MAX_MESSAGE_CHARS: '0',
      LOG_LEVEL: 'loud',
      LLM_PROVIDER: 'nobody',
      LLM_BASE_URL: 'ftp://example.com',
      LLM_API_KEY: `"${secret}"`,
    })
    expect(new Set(problems.map((line) => line.split(':')[0]))).toEqual(
      new Set([
        'ALLOWED_ORIGINS',
        'DATABASE_URL',
        'LLM_API_KEY',
        'LLM_BASE_URL',
        'LLM_PROVIDER',
        'LOG_LEVEL',
        'MAX_MESSAGE_CHARS',
        'PORT',
        'REDIS_URL',
        'PUBLISHABLE_KEY',
      ]),
    )
    expect(problems).toHaveLength(10)
    expect(problems.join('\n')).not.toMatch(/se cret|eighty|loud|nobody/)
    for (const line of problems) expect(line).toMatch(/must be/)
  })

  test.each(['-1', '65536', '80.5', '0x50', '1e3', 'NaN'])('PORT=%s is one', (PORT) => {
    expect(problemsOf({ PORT })).toEqual(['PORT: must be a whole number from 0 to 65535'])
  })
})
