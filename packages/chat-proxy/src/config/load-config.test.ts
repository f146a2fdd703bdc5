import { describe, expect, test } from 'vitest'
import { PRESETS } from '../infrastructure/llm/presets.js'
import { ConfigError } from './config.js'
import { loadConfig } from './load-config.js'
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
      server: { port: 8787, host: '127.0.0.1', shutdownGraceMs: 10_000 },
      store: { kind: 'sqlite', file: 'data/colloquy.db' },
      model: { kind: 'demo' },
      settings: { maxMessageChars: 8000, contextMessages: 20, heartbeatMs: 10_000 },
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
      ...MODEL_VARIABLES,
    })) {
      expect([name, schema.description]).toEqual([name, expect.stringMatching(/\.$/)])
    }
  })
})

describe('what is set', () => {
  test('is taken over', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      DATABASE_URL: 'postgres://u:p@db/colloquy',
      ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443/',
      SUGGESTIONS: 'What is it, really?|How much?',
      PUBLISHABLE_KEY: 'pk_1',
      HEARTBEAT_SECONDS: '5',
    })
    expect(config).toMatchObject({
      server: { port: 0, host: '0.0.0.0' },
      store: { kind: 'postgres', url: 'postgres://u:p@db/colloquy' },
      settings: { heartbeatMs: 5_000 },
      tenant: {
        allowedOrigins: ['https://a.example', 'https://b.example:8443'],
        suggestions: ['What is it, really?', 'How much?'],
        publishableKeys: ['pk_1'],
      },
    })
  })
})

describe('the model', () => {
  test.each(Object.entries(PRESETS).filter(([, { keyVariable }]) => keyVariable !== null))(
    'of %s takes its own key variable, its address and its model',
    (name, preset) => {
      const { model } = loadConfig({ LLM_PROVIDER: name, [preset.keyVariable ?? '']: 'sk-1' })
      expect(model).toMatchObject({ baseUrl: preset.baseUrl, apiKey: 'sk-1', model: preset.defaultModel })
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
      baseUrl: 'http://127.0.0.1:1/v1',
      apiKey: 'sk-ours',
      model: 'mine',
    })
  })

  test('on any address needs a name and no key', () => {
    const env = { LLM_BASE_URL: 'http://127.0.0.1:1/v1' }
    expect(loadConfig({ ...env, LLM_MODEL: 'mine' }).model).toMatchObject({ apiKey: null, model: 'mine' })
    expect(problemsOf(env)).toEqual([expect.stringMatching(/^LLM_MODEL: /)])
  })

  test('on a local server needs no key', () => {
    expect(loadConfig({ LLM_PROVIDER: 'ollama' }).model).toMatchObject({ apiKey: null })
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

describe('mistakes', () => {
  test('are told all at once, each with its variable, and none with its value', () => {
    const secret = 'se cret'
    const problems = problemsOf({
      PORT: 'eighty',
      DATABASE_URL: `mysql://root:${secret}@db`,
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
        'PUBLISHABLE_KEY',
      ]),
    )
    expect(problems).toHaveLength(9)
    expect(problems.join('\n')).not.toMatch(/se cret|eighty|loud|nobody/)
    for (const line of problems) expect(line).toMatch(/must be/)
  })

  test.each(['-1', '65536', '80.5', '0x50', '1e3', 'NaN'])('PORT=%s is one', (PORT) => {
    expect(problemsOf({ PORT })).toEqual(['PORT: must be a whole number from 0 to 65535'])
  })
})
