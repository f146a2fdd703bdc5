import { beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from '../../time/testing/fake-clock.js'
import { CircuitBreaker, type BreakerPass } from './circuit-breaker.js'

let clock: FakeClock
let breaker: CircuitBreaker
beforeEach(() => {
  clock = new FakeClock()
  breaker = new CircuitBreaker(clock)
})

const enter = (): BreakerPass => breaker.enter() ?? expect.fail('The breaker let no call through.')
const fail = (times: number): void => {
  for (let i = 0; i < times; i++) enter().failed()
}
const open = (): void => {
  fail(5)
  expect(breaker.view.state).toBe('open')
}

describe('closed', () => {
  test('lets every call through', () => {
    expect(Array.from({ length: 50 }, enter)).toHaveLength(50)
    expect(breaker.view).toEqual({ state: 'closed', wait: 0 })
  })

  test('opens after five failures in a row', () => {
    fail(4)
    expect(breaker.view.state).toBe('closed')
    fail(1)
    expect(breaker.view).toEqual({ state: 'open', wait: 30_000 })
    expect(breaker.enter()).toBeNull()
  })

  test('forgets failures with a success, not with a call that says nothing', () => {
    fail(4)
    enter().succeeded()
    fail(4)
    enter().abandoned()
    expect(breaker.view.state).toBe('closed')
    fail(1)
    expect(breaker.view.state).toBe('open')
  })

  test('an answer that began does not undo the failures before it, should it break as well', () => {
    for (let i = 0; i < 5; i++) {
      const pass = enter()
      pass.answering()
      pass.failed()
    }
    expect(breaker.view.state).toBe('open')
  })
})

describe('open', () => {
  beforeEach(open)

  test('lets nothing through for 30 seconds, then exactly one call', () => {
    clock.advance(29_999)
    expect(breaker.enter()).toBeNull()
    expect(breaker.view).toEqual({ state: 'open', wait: 1 })
    clock.advance(1)
    expect(breaker.view).toEqual({ state: 'half-open', wait: 0 })
    const passes = Array.from({ length: 20 }, () => breaker.enter())
    expect(passes.filter((pass) => pass !== null)).toHaveLength(1)
    clock.advance(3_600_000)
    expect(breaker.enter()).toBeNull()
  })

  test('is not held open by calls that began before', () => {
    const late = new CircuitBreaker(clock)
    const passes = Array.from({ length: 20 }, () => late.enter())
    for (const pass of passes) {
      pass?.failed()
      clock.advance(5_000)
    }
    // The fifth opened it 80 seconds ago.
    expect(late.view.state).toBe('half-open')
  })
})

describe('half-open', () => {
  let probe: BreakerPass
  beforeEach(() => {
    open()
    clock.advance(30_000)
    probe = enter()
  })

  test('closes when the call succeeds, with no failure remembered', () => {
    probe.succeeded()
    expect(breaker.view.state).toBe('closed')
    fail(4)
    expect(breaker.view.state).toBe('closed')
  })

  test('closes as soon as the provider answers; should that answer break, it is one failure', () => {
    probe.answering()
    expect(breaker.view.state).toBe('closed')
    probe.failed()
    fail(3)
    expect(breaker.view.state).toBe('closed')
    fail(1)
    expect(breaker.view.state).toBe('open')
  })

  test('opens again for the whole pause when the call fails', () => {
    probe.failed()
    expect(breaker.view).toEqual({ state: 'open', wait: 30_000 })
  })

  test('lets the next call find out when this one says nothing', () => {
    probe.abandoned()
    expect(breaker.view).toEqual({ state: 'half-open', wait: 0 })
    expect(breaker.enter()).not.toBeNull()
    expect(breaker.enter()).toBeNull()
  })

  test('does not listen to calls from before', () => {
    const other = new CircuitBreaker(clock, { failures: 1 })
    const [first, second, third] = Array.from({ length: 3 }, () => other.enter())
    first?.failed()
    clock.advance(30_000)
    const finding = other.enter()
    second?.succeeded()
    third?.answering()
    third?.failed()
    expect(other.view.state).toBe('half-open')
    expect(other.enter()).toBeNull()
    finding?.succeeded()
    expect(other.view.state).toBe('closed')
  })
})

test('failures and pause can be set', () => {
  const quick = new CircuitBreaker(clock, { failures: 1, pause: 10 })
  quick.enter()?.failed()
  expect(quick.enter()).toBeNull()
  clock.advance(10)
  expect(quick.enter()).not.toBeNull()
})
