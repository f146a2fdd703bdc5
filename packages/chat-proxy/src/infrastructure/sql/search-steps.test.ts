import { expect, test } from 'vitest'
import { searchSteps } from './search-steps.js'

const of = (...sizes: number[]) => sizes.map((size, index) => ({ id: `c${index}`, size }))

test('small conversations share a step, and the order stays', () => {
  expect([...searchSteps(of(3, 4, 3, 1, 0), 10)]).toEqual([
    { conversationIds: ['c0', 'c1', 'c2'], after: 0, until: 10 },
    { conversationIds: ['c3', 'c4'], after: 0, until: 10 },
  ])
})

test('a long conversation takes several steps, which leave out no message', () => {
  expect([...searchSteps(of(2, 25, 2), 10)]).toEqual([
    { conversationIds: ['c0'], after: 0, until: 10 },
    { conversationIds: ['c1'], after: 0, until: 10 },
    { conversationIds: ['c1'], after: 10, until: 20 },
    { conversationIds: ['c1'], after: 20, until: 30 },
    { conversationIds: ['c2'], after: 0, until: 10 },
  ])
})

test('nothing takes no step', () => {
  expect([...searchSteps([], 10)]).toEqual([])
})
