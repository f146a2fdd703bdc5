import { openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { LogFields } from '../../domain/ports/logger.js'
import { DomainError } from '../../domain/errors.js'
import { describeError } from './describe-error.js'
import { collectedLines, PinoLogger, type LogLevel } from './pino-logger.js'

const setUp = (level: LogLevel = 'debug') => {
  let written = ''
  const logger = new PinoLogger({ level, destination: { write: (line) => void (written += line) } })
  const lines = () =>
    written
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line))
  return { logger, bytes: () => written, lines }
}

describe('lines that are collected', () => {
  const setUpFile = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-log-'))
    const lines = collectedLines(openSync(join(folder, 'log'), 'a'))
    onTestFinished(async () => {
      lines.destroy()
      await rm(folder, { recursive: true })
    })
    const logger = new PinoLogger({ level: 'info', destination: lines })
    const messages = async () =>
      [...(await readFile(join(folder, 'log'), 'utf8')).matchAll(/"message":"(\w+)"/g)].map(
        ([, word]) => word,
      )
    return { logger, messages }
  }

  test('are written soon', async () => {
    const { logger, messages } = await setUpFile()
    logger.info('one')
    logger.info('two')
    expect(await messages()).toEqual([])
    await expect.poll(messages).toEqual(['one', 'two'])
  })

  test.each(['warn', 'error'] as const)(
    'are written at once, in their order, with one that is a %s',
    async (level) => {
      // Nothing is written because time has passed.
      vi.useFakeTimers({ toFake: ['setInterval'] })
      onTestFinished(() => void vi.useRealTimers())
      const { logger, messages } = await setUpFile()
      logger.info('one')
      logger[level]('two')
      await expect.poll(messages).toEqual(['one', 'two'])
    },
  )
})

describe('PinoLogger', () => {
  test('writes one JSON object per line with level, time, message and fields', () => {
    const { logger, lines } = setUp()
    logger.info('request served', { requestId: 'q_000001', status: 200, durationMs: 1.5 })
    logger.warn('model refused')
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        message: 'request served',
        requestId: 'q_000001',
        status: 200,
        durationMs: 1.5,
      },
      { level: 'warn', time: expect.any(String), message: 'model refused' },
    ])
  })

  test('writes every field that is allowed', () => {
    const { logger, lines } = setUp()
    const fields: Required<Omit<LogFields, 'error'>> = {
      requestId: 'q',
      tenantId: 't',
      runId: 'r',
      conversationId: 'c',
      method: 'POST',
      route: '/api/v1/chat',
      status: 200,
      durationMs: 1,
      provider: 'openai',
      model: 'm',
      code: 'x',
      count: 2,
      port: 3000,
    }
    logger.debug('all', fields)
    expect(lines()).toEqual([expect.objectContaining(fields)])
  })

  test('keeps to its level', () => {
    const { logger, lines } = setUp('warn')
    logger.debug('a')
    logger.info('b')
    logger.warn('c')
    logger.error('d')
    expect(lines()).toMatchObject([{ message: 'c' }, { message: 'd' }])
    const silent = setUp('silent')
    silent.logger.error('e')
    expect(silent.bytes()).toBe('')
  })

  test('a message is text, not a format', () => {
    const { logger, lines } = setUp()
    logger.info('100 %s %o %d', { count: 1 })
    expect(lines()).toMatchObject([{ message: '100 %s %o %d', count: 1 }])
  })

  test('a line break in a field cannot forge a line', () => {
    const { logger, lines } = setUp()
    logger.info('a', { route: '/x\n{"level":"error"}' })
    expect(lines().length).toBe(1)
  })

  test('cuts a text that is too long', () => {
    const { logger, lines } = setUp()
    logger.info('a', { model: 'm'.repeat(10_000) })
    expect(lines()).toMatchObject([{ model: 'm'.repeat(200) }])
  })
})

const bytesOf = (fields: unknown): string => {
  const { logger, bytes } = setUp()
  // A cast on purpose: what a careless caller or a library without types might pass.
  logger.error('failed', fields as LogFields)
  expect(bytes()).toContain('"message":"failed"')
  return bytes()
}

describe('no secret reaches the bytes', () => {
  const secret = 'sk-planted-0123456789abcdef0123456789abcdef'

  class ProviderError extends Error {
    readonly status = 401
    readonly code = 'invalid_api_key'
    readonly headers = { authorization: `Bearer ${secret}` }
    readonly body = { key: secret }
  }

  test('from an error message', () => {
    const bytes = bytesOf({ error: new ProviderError(`Incorrect key: ${secret}`) })
    expect(bytes).not.toContain(secret)
    expect(bytes).toContain('"class":"ProviderError"')
    expect(bytes).toContain('"code":"invalid_api_key"')
    expect(bytes).toContain('"status":401')
    expect(bytes).toContain('pino-logger.test.ts')
  })

  test('from messages of nested causes', () => {
    const root = new TypeError(`refused ${secret}`)
    const middle = new Error(`because ${secret}`, { cause: root })
    const bytes = bytesOf({ error: new DomainError('store-unavailable', secret, { cause: middle }) })
    expect(bytes).not.toContain(secret)
    expect(bytes).toContain('"class":"TypeError"')
    expect(bytes).toContain('"code":"store-unavailable"')
  })

  test('from a message that looks like a stack', () => {
    for (const forged of [
      `boom\n    at ${secret} (/app/x.js:1:1)`,
      `boom\n    at /app/${secret}.js:1:1`,
      `\n    at async ${secret} (node:net:1:1)\n`,
    ])
      expect(bytesOf({ error: new Error(forged) })).not.toContain(secret)
  })

  test('from a message that was changed after the error was made', () => {
    const error = new Error(`first ${secret}`)
    error.message = 'second'
    expect(bytesOf({ error })).not.toContain(secret)
  })

  test('from code, name or class of an error', () => {
    const error = Object.assign(new Error('x'), { code: secret, name: `Bearer ${secret}` })
    expect(bytesOf({ error })).not.toContain(secret)
    Object.defineProperty(error, 'constructor', { value: { name: `a ${secret}` } })
    expect(bytesOf({ error })).not.toContain(secret)
  })

  test('from what is thrown and is no error', () => {
    for (const error of [secret, { secret, message: secret }, [secret], () => secret, Symbol(secret)])
      expect(bytesOf({ error })).not.toContain(secret)
    expect(bytesOf({ error: secret })).toContain('"error":{"class":"string"}')
    expect(bytesOf({ error: null })).toContain('"error":{"class":"null"}')
  })

  test('from the errors inside an aggregate', () => {
    expect(bytesOf({ error: new AggregateError([new Error(secret)], secret) })).not.toContain(secret)
  })

  test('from fields that are not on the list', () => {
    const fields = {
      apiKey: secret,
      headers: { authorization: secret },
      content: secret,
      err: new Error(secret),
      message: secret,
      msg: secret,
      level: secret,
      toJSON: () => ({ secret }),
    }
    expect(bytesOf(fields)).not.toContain(secret)
  })

  test('from listed fields of the wrong type', () => {
    expect(bytesOf({ requestId: { secret }, status: secret, count: [secret], model: null })).not.toContain(
      secret,
    )
  })
})

describe('describeError', () => {
  test('follows causes, but not for ever', () => {
    const error = new Error('loop')
    error.cause = error
    let described = describeError(error)
    let depth = 0
    while (described.cause) {
      described = described.cause
      depth++
    }
    expect(depth).toBe(5)
  })

  test('never throws', () => {
    const error = new Error('x')
    Object.defineProperty(error, 'stack', {
      get: () => {
        throw new Error('no stack')
      },
    })
    expect(describeError(error)).toEqual({ class: 'unreadable' })
    expect(describeError(Object.assign(new Error('x'), { stack: 7 }))).toEqual({ class: 'Error', stack: [] })
  })

  test('keeps frames of async functions, constructors and native code', () => {
    const error = new Error('m')
    error.stack = [
      'Error: m',
      '    at async Promise.all (index 0)',
      '    at async open (file:///app/dist/a.js:10:5)',
      '    at new Thing (/app/dist/b.js:2:1)',
      '    at Object.<anonymous> (C:\\app\\c.js:3:1)',
      '    at node:internal/main/run:22:1',
      '    at Array.map (<anonymous>)',
    ].join('\n')
    expect(describeError(error).stack?.length).toBe(5)
  })
})
