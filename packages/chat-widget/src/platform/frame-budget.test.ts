import { expect } from 'chai'
import { spendOnFrame } from './frame-budget.js'

describe('what a frame has time for', () => {
  const { now } = performance
  /** Behind whatever was asked for before. */
  let time = now.call(performance) + 1e6

  before(() => (performance.now = () => time))
  after(() => Reflect.deleteProperty(performance, 'now'))

  /** How many slices of 1 ms a frame takes, whose layout takes so many milliseconds for each of them. */
  function slicesOf(layoutMs: number): number {
    let slices = 0
    time += 1_000
    const slice = (): boolean => {
      slices += 1
      time += 1
      return true
    }
    expect(spendOnFrame(slice, () => (time += slices * layoutMs))).to.equal(true)
    return slices
  }

  it('is as many slices as its budget holds where laying them out is cheap', () => {
    slicesOf(0.5)
    expect([slicesOf(0.5), slicesOf(0.5)]).to.deep.equal([8, 8])
  })

  it('is fewer where laying them out takes long, but never none, and more again when it does not', () => {
    slicesOf(7)
    expect(slicesOf(7)).to.equal(2)
    expect(slicesOf(1_000)).to.equal(2)
    expect([slicesOf(1_000), slicesOf(0), slicesOf(0)]).to.deep.equal([1, 1, 8])
  })

  it('is shared by all that show something in it', () => {
    slicesOf(0)
    const begun = time
    slicesOf(0)
    let others = 0
    time = begun + 1_000 + 8
    const more = spendOnFrame(
      () => (others += 1) > 0,
      () => (others += 1),
    )
    expect(others).to.equal(0)
    expect(more).to.equal(true)
  })

  it('ends with the work', () => {
    time += 1_000
    expect(
      spendOnFrame(
        () => false,
        () => undefined,
      ),
    ).to.equal(false)
  })
})
