import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { StatementCache } from './statement-cache.js'

test('prepares each text once and throws out the one not used for longest', () => {
  const database = new DatabaseSync(':memory:')
  const prepare = vi.spyOn(database, 'prepare')
  const cache = new StatementCache(database, 2)
  const prepared = () => prepare.mock.calls.splice(0).map(([text]) => text)

  for (const text of ['select 1', 'select 1', 'select 2', 'select 1', 'select 1']) cache.get(text)
  expect(prepared()).toEqual(['select 1', 'select 2'])
  cache.get('select 3')
  for (const text of ['select 1', 'select 3']) cache.get(text)
  expect(prepared()).toEqual(['select 3'])
  cache.get('select 2')
  expect(prepared()).toEqual(['select 2'])
})

test('knows which statements give rows', () => {
  const database = new DatabaseSync(':memory:')
  database.exec('create table t (a)')
  const cache = new StatementCache(database)
  const returnsRows = (text: string) => cache.get(text).returnsRows
  expect(returnsRows('select a from t')).toBe(true)
  expect(returnsRows('insert into t values (1) returning a')).toBe(true)
  expect(returnsRows('insert into t values (1)')).toBe(false)
  expect(returnsRows('update t set a = 2')).toBe(false)
})
