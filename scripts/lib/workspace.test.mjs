import { describe, expect, it } from 'vitest'
import { installProblem } from './workspace.mjs'

describe('a failed installation', () => {
  it('is one line when the registry cannot be reached', () => {
    const output = [
      '[WARN] GET https://registry.example/ms/-/ms-2.1.3.tgz error (error sending request: tcp connect error)',
      'Error: ERR_PNPM_META_FETCH_FAIL',
    ].join('\n')
    expect(installProblem(output)).toMatch(/^pnpm could not reach https:\/\/registry\.example; .*$/)
  })

  it('is told in full otherwise', () => {
    const output = 'Cannot install with "frozen-lockfile"\nhelp: Regenerate the lockfile'
    expect(installProblem(output)).toContain(output)
  })
})
