import { describe, expect, test } from 'vitest'
import { isProviderName, PRESETS } from './presets.js'

describe('presets', () => {
  test.each(Object.entries(PRESETS))('%s can be called as it stands', (_name, { baseUrl, keyVariable }) => {
    const { protocol, hostname, pathname } = new URL(baseUrl)
    const isLocal = hostname === '127.0.0.1'
    expect(protocol).toBe(isLocal ? 'http:' : 'https:')
    expect(keyVariable === null).toBe(isLocal)
    expect(pathname === '/' || !pathname.endsWith('/')).toBe(true)
  })

  test('names are recognised, and only they', () => {
    expect(isProviderName('groq')).toBe(true)
    for (const name of ['demo', 'Groq', '', 'constructor', '__proto__'])
      expect(isProviderName(name)).toBe(false)
  })
})
