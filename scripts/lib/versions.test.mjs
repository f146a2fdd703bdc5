import { describe, expect, it } from 'vitest'
import { compareVersions, isAtLeast, parseVersion, sameMajor } from './versions.mjs'

describe('versions', () => {
  it.each([
    ['v22.19.0', [22, 19, 0]],
    ['12.21.0\n', [12, 21, 0]],
    ['25.0.0-nightly20260101', [25, 0, 0]],
    ['not installed', null],
  ])('reads %j', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected)
  })

  it('compares numbers, not text', () => {
    const shuffled = ['22.9.0', 'v22.19.0', '9.99.99', '22.19.1', '24.0.0']
    expect(shuffled.toSorted(compareVersions)).toEqual(['9.99.99', '22.9.0', 'v22.19.0', '22.19.1', '24.0.0'])
  })

  it('counts the minimum itself as enough', () => {
    expect(isAtLeast('v22.19.0', '22.19.0')).toBe(true)
    expect(isAtLeast('v22.18.9', '22.19.0')).toBe(false)
  })

  it('treats an unreadable version as too old and of no major', () => {
    expect(isAtLeast('command not found', '22.19.0')).toBe(false)
    expect(sameMajor('command not found', '12.21.0')).toBe(false)
    expect(sameMajor('12.0.3', '12.21.0')).toBe(true)
    expect(sameMajor('11.9.9', '12.21.0')).toBe(false)
  })
})
