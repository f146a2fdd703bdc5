import { expect } from 'chai'
import { FakeClock } from '../testing/fake-clock.js'
import { beep } from './beep.js'
import { blinkTitle } from './notify.js'

describe('a beep', () => {
  it('is a short sound that ends in silence', async () => {
    const context = new OfflineAudioContext(1, 44_100, 44_100)
    const seconds = beep(context)
    const sound = (await context.startRendering()).getChannelData(0)
    const loudest = (from: number, to: number): number =>
      sound.slice(from * 44_100, to * 44_100).reduce((peak, value) => Math.max(peak, Math.abs(value)), 0)
    expect(seconds).to.be.lessThan(0.5)
    expect(loudest(0, seconds)).to.be.within(0.05, 0.1)
    expect(loudest(seconds + 0.01, 1)).to.equal(0)
  })
})

describe('a blinking title', () => {
  let clock: FakeClock

  beforeEach(() => {
    clock = new FakeClock()
    document.title = 'My shop'
  })

  afterEach(() => clock.restore())

  it('shows words and title in turn, and leaves the title', () => {
    const stop = blinkTitle('New message')
    const seen = [document.title]
    for (let second = 0; second < 3; second += 1) {
      clock.advance(1_000)
      seen.push(document.title)
    }
    stop()
    expect(seen).to.deep.equal(['New message', 'My shop', 'New message', 'My shop'])
    expect([document.title, clock.pending]).to.deep.equal(['My shop', 0])
  })

  it('gives back the title that the page chose meanwhile', () => {
    const stop = blinkTitle('New message')
    document.title = 'Cart (1)'
    clock.advance(1_000)
    clock.advance(1_000)
    stop()
    expect(document.title).to.equal('Cart (1)')
  })
})
