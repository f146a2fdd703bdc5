import { expect, test } from 'vitest'
import { versionsOf } from './parts.js'

test('a part that is there is told with its version', async () => {
  const { sqlite } = process.versions
  expect(await versionsOf(['SQLite'])).toEqual([`SQLite ${sqlite}`])
})

test('a part that is not there is left out', async () => {
  const url = process.env['TEST_DATABASE_URL']
  delete process.env['TEST_DATABASE_URL']
  try {
    expect(await versionsOf(['PostgreSQL', 'SQLite'])).toEqual([expect.stringMatching(/^SQLite /)])
  } finally {
    if (url !== undefined) process.env['TEST_DATABASE_URL'] = url
  }
})
