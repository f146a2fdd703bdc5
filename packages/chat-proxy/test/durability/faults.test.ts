import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cutAfter } from '../support/relay-faults.js'
import { ANSWER, once, Scene } from './ask-through.js'
import { FOR_GOOD, HEALED } from './bad-lines.js'

describe('a question over a bad line, on real sockets', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await Scene.open()
  })
  afterAll(() => scene.close())

  it.each(HEALED)('is answered in full, by one generation, after %s', async (_name, fault, about) => {
    const { status, message, generations } = await scene.ask(fault, about)
    expect({ status, text: message.content, generations }).toEqual({
      status: 'done',
      text: ANSWER,
      generations: 1,
    })
  })

  it.each(FOR_GOOD)(
    'fails with its code and no generation when there is only %s',
    async (_name, fault, code) => {
      const { status, error, generations } = await scene.ask(() => fault())
      expect({ status, code: error?.code, generations }).toEqual({ status: 'failed', code, generations: 0 })
    },
  )

  it('loses and doubles nothing when the answer is cut at any place', async () => {
    // Every byte is cut by the long run (`pnpm bench`); a prime step visits all kinds of places here.
    for (let at = 1; at < 16_000; at += 211) {
      const { message, generations } = await scene.ask(
        once(() => cutAfter(at, at % 2 === 0 ? 'end' : 'reset')),
      )
      expect(message.content === ANSWER && generations === 1, `cut at byte ${at}`).toBe(true)
    }
  })
})
