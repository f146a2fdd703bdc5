import { expect, test } from 'vitest'
import { toldInsteadOfStart } from './command-line.js'

const version = () => '1.2.3'

test('without arguments the proxy starts', () => {
  expect(toldInsteadOfStart([], version)).toBeNull()
})

test.each(['--help', '-h'])('%s tells how it is started', (argument) => {
  const told = toldInsteadOfStart([argument], version)
  expect(told?.exitCode).toBe(0)
  for (const words of ['Usage: chat-proxy', '.env', 'LLM_PROVIDER', '/docs'])
    expect(told?.text).toContain(words)
})

test.each(['--version', '-v'])('%s tells the version', (argument) => {
  expect(toldInsteadOfStart([argument], version)).toEqual({ text: '1.2.3', exitCode: 0 })
})

test('what is not understood starts nothing, and is named', () => {
  const told = toldInsteadOfStart(['--port', '80'], version)
  expect(told?.exitCode).toBe(2)
  expect(told?.text).toContain('Not understood: --port 80')
})
