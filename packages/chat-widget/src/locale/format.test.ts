import { expect } from 'chai'
import { dayWords } from './format.js'
import { relativeTime } from './moments.js'

describe('dates in words', () => {
  const now = new Date(2026, 2, 12, 15, 30).getTime()
  const at = (...date: [number, number, number, number?, number?]): number => new Date(...date).getTime()

  it('say when something was used last', () => {
    const seen = [
      now + 5_000,
      now - 59_000,
      now - 5 * 60_000,
      at(2026, 2, 12, 3),
      at(2026, 2, 11, 23, 59),
      at(2026, 2, 7),
      at(2026, 2, 5),
      at(2025, 2, 5),
    ].map((time) => relativeTime(time, now, 'en'))
    expect(seen).to.deep.equal([
      'now',
      'now',
      '5 minutes ago',
      '12 hours ago',
      'yesterday',
      'Saturday',
      'Mar 5',
      'Mar 5, 2025',
    ])
  })

  it('name days as people do, over the end of a month and of summer time', () => {
    expect(dayWords(at(2026, 1, 28, 23), at(2026, 2, 1, 0, 5), 'en')).to.equal('yesterday')
    expect(dayWords(at(2026, 2, 28, 12), at(2026, 2, 29, 12), 'de')).to.equal('gestern')
    expect(dayWords(now, now, 'en')).to.equal('today')
  })
})
