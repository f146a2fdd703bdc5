import { describe, expect, test } from 'vitest'
import { FakeClock } from '../time/testing/fake-clock.js'
import { IncomingBody } from './incoming-body.js'

const push = (body: IncomingBody, text: string): void =>
  body.push(Buffer.from(`<${text}>`), 1, 1 + Buffer.byteLength(text))

function open() {
  let aborts = 0
  const body = new IncomingBody({ abort: () => void (aborts += 1) })
  let text = ''
  const take = (bytes: Buffer, start: number, end: number): boolean => {
    text += bytes.toString('utf8', start, end)
    return !text.endsWith('.')
  }
  return { body, take, text: () => text, aborts: () => aborts }
}

describe('the body of an answer', () => {
  test('gives what came before it was read, and then what comes', async () => {
    const { body, take, text } = open()
    push(body, 'one ')
    const read = body.read(take)
    push(body, 'two ')
    body.end(null)
    await read
    expect(text()).toBe('one two ')
  })

  test('keeps what came early although its bytes were only lent', async () => {
    const { body, take, text } = open()
    const lent = Buffer.from('kept')
    body.push(lent, 0, lent.length)
    lent.fill('x')
    body.end(null)
    await body.read(take)
    expect(text()).toBe('kept')
  })

  test('has been read when it ended before anybody read', async () => {
    const { body, take, text } = open()
    push(body, 'all')
    body.end(null)
    await body.read(take)
    expect(text()).toBe('all')
  })

  test('is read no further than wanted', async () => {
    const { body, take, text } = open()
    const read = body.read(take)
    push(body, 'enough.')
    push(body, 'more')
    await read
    expect(text()).toBe('enough.')
  })

  test('fails with the connection, also when it failed before anybody read', async () => {
    const live = open()
    const read = live.body.read(live.take)
    live.body.end(new Error('reset'))
    await expect(read).rejects.toThrow('reset')
    const early = open()
    push(early.body, 'half')
    early.body.end(new Error('reset'))
    await expect(early.body.read(early.take)).rejects.toThrow('reset')
    expect(early.text()).toBe('half')
  })

  test('fails with whoever reads it, once', async () => {
    const { body } = open()
    let calls = 0
    const read = body.read(() => {
      calls += 1
      throw new Error('no')
    })
    push(body, 'a')
    push(body, 'b')
    body.end(null)
    await expect(read).rejects.toThrow('no')
    expect(calls).toBe(1)
  })

  test('waits for its end after it was read, but not for ever', async () => {
    const clock = new FakeClock()
    const { body, take, aborts } = open()
    push(body, '.')
    await body.read(take)
    body.drain((giveUp) => clock.after(1000, giveUp))
    await clock.advanceAsync(999)
    expect(aborts()).toBe(0)
    await clock.advanceAsync(1)
    expect(aborts()).toBe(1)
  })

  test.each([null, new Error('reset')])('leaves no timer behind when it ends with %s', (end) => {
    const clock = new FakeClock()
    const { body } = open()
    body.drain((giveUp) => clock.after(1000, giveUp))
    body.end(end)
    expect(clock.pending).toBe(0)
    body.drain((giveUp) => clock.after(1000, giveUp))
    expect(clock.pending).toBe(0)
  })
})
