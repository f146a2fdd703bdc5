import { describe, expect, it } from 'vitest'
import { seededRandom } from '../testing/seeded-random.js'
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

/** The branch through `open` and on along the newest, found by looking at every message at every step. */
function walk(made: MessageTree, open: string): string[] {
  const path = made.branch(open).map(({ id }) => id)
  for (;;) {
    const last = path.at(-1) ?? null
    const next = made.all().findLast(({ parentId }) => parentId === last)
    if (!next) return path
    path.push(next.id)
  }
}

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

  it('changes nothing of what it gave before', () => {
    const made = tree()
    made.open('a2')
    const before = made.path()
    made.put(message('q3', 'a2'))
    made.put({ ...message('q3', 'a2'), content: 'more' })
    expect(before.map(({ id }) => id)).toEqual(['q1', 'a1', 'q2', 'a2'])
    expect(made.path().at(-1)?.content).toBe('more')
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

  it('opens the same branch as a walk along all messages would, whatever is put, moved and opened', () => {
    const seed = Number(process.env['SEED'] ?? 4)
    const random = seededRandom(seed)
    const pick = (count: number): number => Math.floor(random() * count)
    for (let round = 0; round < 300; round += 1) {
      const made = new MessageTree()
      let open = ''
      for (let step = 0; step < 30; step += 1) {
        // Messages come below lower numbers alone, which are there already or not, and so never in a circle.
        const number = pick(30)
        const last = made.path().at(-1)?.id ?? 'm30'
        const isNext = random() < 0.5 && Number(last.slice(1)) < number
        const parentId = isNext ? last : number === 0 ? null : `m${pick(number)}`
        const id = `m${number}`
        const isMove = made.get(id)?.parentId !== parentId
        if (random() < 0.2) made.open((open = id))
        else {
          made.put(message(id, parentId))
          if (isMove) open = id
        }
        expect(ids(made), `seed ${seed}, round ${round}, step ${step}`).toEqual(walk(made, open))
      }
    }
  })

  it('ends, also when a broken server tells of a circle', () => {
    const made = new MessageTree()
    made.put(message('q1', 'a1'))
    made.put(message('a1', 'q1'))
    expect(made.path().length).toBeLessThanOrEqual(2)
  })
})
