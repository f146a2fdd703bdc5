import { describe, expect, it } from 'vitest'
import { firstError } from './npm.mjs'

describe("npm's error", () => {
  it('is its code and its first sentence, on one line', () => {
    const output = [
      'npm error code ENOTFOUND',
      'npm error syscall getaddrinfo',
      'npm error network request failed',
    ].join('\n')
    expect(firstError(output)).toBe('code ENOTFOUND: syscall getaddrinfo')
  })

  it('reads the spelling of npm 9 as well', () => {
    expect(firstError('npm ERR! code E404\nnpm ERR! 404 Not Found')).toBe('code E404: 404 Not Found')
  })

  it('is never empty', () => {
    expect(firstError('\n')).toBe('npm said nothing')
  })
})
