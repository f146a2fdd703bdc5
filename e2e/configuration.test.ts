import { afterEach, expect, it } from 'vitest'
import { startServer, startSite, type ServerProcess } from './support/server-process.ts'

let server: ServerProcess
afterEach(() => server.dispose())

it('a bad configuration is refused with every problem at once, and no value is repeated', async () => {
  const secret = 'sk-not-to-be-shown with a space'
  server = startServer({
    PORT: 'eighty',
    DATABASE_URL: 'mysql://someone:hidden-password@db/chat',
    LLM_BASE_URL: 'not a url',
    LLM_API_KEY: secret,
    SESSION_TTL: '-5',
  })
  expect(await server.exited).toBe(1)
  const problems = server.output().trim().split('\n')
  for (const name of ['PORT', 'DATABASE_URL', 'LLM_BASE_URL', 'LLM_API_KEY', 'SESSION_TTL']) {
    expect(problems.filter((line) => line.startsWith(`${name}:`))).toHaveLength(1)
  }
  expect(problems).toHaveLength(5)
  expect(server.output()).not.toContain('hidden-password')
  expect(server.output()).not.toContain(secret)
})

it('a port in use is said in one line', async () => {
  const first = await startSite()
  try {
    server = startServer({ PORT: new URL(first.url).port })
    expect(await server.exited).toBe(1)
    expect(server.output().trim()).toMatch(/^PORT: \d+ is in use/)
    expect(server.output().trim().split('\n')).toHaveLength(1)
  } finally {
    await first.dispose()
  }
})
