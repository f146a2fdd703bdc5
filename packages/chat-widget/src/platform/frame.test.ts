import { expect } from 'chai'
import { nextFrame } from '../testing/shadow-dom.js'
import { everyFrame, noMoreFrames } from './frame.js'

describe('what is done before each paint', () => {
  it('goes on until it is taken back, and what came last goes first, frame after frame', async () => {
    const done: string[] = []
    const works = ['first', 'second', 'third'].map((name) => () => void done.push(name))
    for (const work of works) everyFrame(work)
    for (const work of works) everyFrame(work)
    await nextFrame()
    await nextFrame()
    expect(done).to.deep.equal(['third', 'second', 'first', 'third', 'second', 'first'])
    for (const work of works) noMoreFrames(work)
    await nextFrame()
    expect(done.length).to.equal(6)
  })

  it('keeps its place when it takes itself back and another one fails', async () => {
    const done: string[] = []
    const once = (): void => {
      done.push('once')
      noMoreFrames(once)
    }
    const again = (): void => void done.push('again')
    const reported: unknown[] = []
    const report = globalThis.reportError
    globalThis.reportError = (error) => void reported.push(error)
    const failing = (): never => {
      throw new Error('broken')
    }
    for (const work of [again, once, failing]) everyFrame(work)
    await nextFrame()
    await nextFrame()
    noMoreFrames(again)
    globalThis.reportError = report
    expect(done).to.deep.equal(['once', 'again', 'again'])
    expect(reported.length).to.equal(1)
  })
})
