import { expect } from 'chai'
import { ChatError } from '@colloquy/chat-core'
import { en } from './en.js'
import { dayWords, errorWords } from './format.js'
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

describe('what went wrong, in words', () => {
  const away = new ChatError('upstream', 'For the log.', { retryAfter: 42_000 })

  it('says when the model is back, where its provider said so', () => {
    expect(errorWords(away, en, 42_000)).to.deep.equal({
      what: 'The assistant could not answer.',
      next: 'You can ask again in 0:42.',
    })
  })

  it('says nothing of a time that nobody knows, or that has come', () => {
    const words = { what: 'The assistant could not answer.', next: 'Ask again in a moment.' }
    expect(errorWords(away, en, null)).to.deep.equal(words)
    expect(errorWords(away, en, 0)).to.deep.equal(words)
  })

  it('counts a limit down to when it lets one ask', () => {
    const limited = new ChatError('rate_limited', 'For the log.')
    expect(errorWords(limited, en, 42_000).next).to.equal('You can ask again in 0:42.')
    expect(errorWords(limited, en, 0).next).to.equal(en.waitOver)
  })
})
