import { expect } from 'chai'
import { Drafts } from './drafts.js'

describe('drafts', () => {
  afterEach(() => sessionStorage.clear())

  it('are kept for each conversation, and for the new one, across reloads', () => {
    const before = new Drafts('a')
    before.set('c_1', 'one')
    before.set(null, 'new')
    const after = new Drafts('a')
    expect([after.get('c_1'), after.get('c_2'), after.get(null)]).to.deep.equal(['one', '', 'new'])
    expect(new Drafts('b').get('c_1')).to.equal('')
  })

  it('leave nothing behind when they are sent or forgotten', () => {
    const drafts = new Drafts('a')
    drafts.set('c_1', 'one')
    drafts.set('c_1', '')
    drafts.set('c_2', 'two')
    new Drafts('b').set('c_2', 'of another chat')
    drafts.clear()
    expect(drafts.get('c_2')).to.equal('')
    expect(Object.keys(sessionStorage)).to.deep.equal(['b:draft:c_2'])
  })

  it('stay on the page where the browser keeps nothing', () => {
    const descriptor = Object.getOwnPropertyDescriptor(window, 'sessionStorage')
    Object.defineProperty(window, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
    try {
      const drafts = new Drafts('a')
      drafts.set('c_1', 'one')
      expect(drafts.get('c_1')).to.equal('one')
      drafts.clear()
      expect(drafts.get('c_1')).to.equal('')
    } finally {
      if (descriptor) Object.defineProperty(window, 'sessionStorage', descriptor)
    }
  })
})
