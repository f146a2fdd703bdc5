import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeVariables, VARIABLE_GROUPS } from './describe-variables.js'

const all = Object.values(VARIABLE_GROUPS).flatMap(describeVariables)

test('every variable says what it does', () => {
  for (const { name, description } of all) expect(description, name).toMatch(/^\S.*\.$/)
})

test('every variable stands in .env.example, and nothing else does', () => {
  const example = readFileSync(join(import.meta.dirname, '../../../../.env.example'), 'utf8')
  const names = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name)
  expect(names.toSorted()).toEqual(all.map(({ name }) => name).toSorted())
})

test('defaults are found wherever they stand, and written as they would be set', () => {
  const usual = (wanted: string) => all.find(({ name }) => name === wanted)?.usual
  expect(usual('PORT')).toBe('8787')
  expect(usual('MESSAGES_PER_MINUTE_TENANT')).toBe('6000')
  expect(usual('FEATURE_CHAT_ENABLED')).toBe('true')
  expect(usual('METRICS_TENANTS')).toBe('default')
  expect(usual('ALLOWED_ORIGINS')).toBeNull()
  expect(usual('DATABASE_URL')).toBeNull()
})
