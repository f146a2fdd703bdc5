import { describe, expect, it } from 'vitest'
import { versionsOf } from '../versions/versions-of.js'
import { MessageTree } from './message-tree.js'
import type { ChatMessage } from './message.js'

const message = (id: string, parentId: string | null, content = id): ChatMessage => ({
  id,
  role: id.startsWith('q') ? 'user' : 'assistant',
  content,
  status: 'done',
  createdAt: 0,
  parentId,
  runId: null,
  error: null,
})

/** q1 → a1 → q2 → a2, with a1b beside a1. */
function tree(): MessageTree {
  const made = new MessageTree()
  for (const [id, parent] of [
    ['q1', null],
    ['a1', 'q1'],
    ['q2', 'a1'],
    ['a2', 'q2'],
    ['a1b', 'q1'],
  ] as const) {
    made.put(message(id, parent))
  }
  return made
}

const ids = (made: MessageTree): string[] => made.path().map(({ id }) => id)

describe('a message tree', () => {
  it('opens the branch of what was added last', () => {
    expect(ids(tree())).toEqual(['q1', 'a1b'])
  })

  it('opens the whole branch that leads through a selected message', () => {
    const made = tree()
    made.open('a2')
    expect(ids(made)).toEqual(['q1', 'a1', 'q2', 'a2'])
    made.open('a1')
    expect(ids(made)).toEqual(['q1', 'a1', 'q2', 'a2'])
  })

  it('knows the versions of a message, oldest first', () => {
    expect(versionsOf(tree(), 'a1b')).toEqual(['a1', 'a1b'])
    expect(versionsOf(tree(), 'unknown')).toEqual([])
  })

  it('takes children before their parents', () => {
    const made = new MessageTree()
    made.put(message('a1', 'q1'))
    made.put(message('q1', null))
    expect(ids(made)).toEqual(['q1', 'a1'])
  })

  it('moves a message that the server places elsewhere', () => {
    const made = tree()
    made.put(message('a2', 'q1'))
    expect(versionsOf(made, 'a1')).toEqual(['a1', 'a1b', 'a2'])
    expect(ids(made)).toEqual(['q1', 'a2'])
  })

  it('gives the same array until something changes', () => {
    const made = tree()
    expect(made.path()).toBe(made.path())
  })

  it('tells the way to a message, whichever branch is open', () => {
    expect(
      tree()
        .branch('q2')
        .map(({ id }) => id),
    ).toEqual(['q1', 'a1', 'q2'])
  })

  it('shows the newest of a conversation whose beginning is not loaded', () => {
    const made = new MessageTree()
    made.put(message('q2', 'a1'))
    made.put(message('a2', 'q2'))
    expect(ids(made)).toEqual(['q2', 'a2'])
  })

  it('ends, also when a broken server tells of a circle', () => {
    const made = new MessageTree()
    made.put(message('q1', 'a1'))
    made.put(message('a1', 'q1'))
    expect(made.path().length).toBeLessThanOrEqual(2)
  })
})
