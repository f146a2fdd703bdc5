import { expect } from 'chai'
import { Drafts } from './drafts.js'

describe('drafts', () => {
  afterEach(() => sessionStorage.clear())

  it('are kept for each conversation, and for the new one, across reloads', () => {
    const before = new Drafts('a', null)
    before.set('c_1', 'one')
    before.set(null, 'new')
    const after = new Drafts('a', null)
    expect([after.get('c_1'), after.get('c_2'), after.get(null)]).to.deep.equal(['one', '', 'new'])
    expect(new Drafts('b', null).get('c_1')).to.equal('')
  })

  it('lie nowhere in the clear where history is sealed, and are there until the page goes', async () => {
    const how = { name: 'AES-GCM', length: 256 }
    const key = await crypto.subtle.generateKey(how, false, ['encrypt', 'decrypt'])
    new Drafts('a', null).set('c_1', 'of before')
    const drafts = new Drafts('a', key)
    drafts.belongTo('u_ann')
    drafts.set('c_1', 'one')
    drafts.set('c_2', 'two')
    drafts.set('c_2', '')
    expect([drafts.get('c_1'), drafts.get('c_2')]).to.deep.equal(['one', ''])
    expect(JSON.stringify(sessionStorage)).not.to.match(/one|two|before/)
    expect(new Drafts('a', key).get('c_1')).to.equal('')
  })

  it('leave nothing behind when they are sent or forgotten', () => {
    const drafts = new Drafts('a', null)
    drafts.set('c_1', 'one')
    drafts.set('c_1', '')
    drafts.set('c_2', 'two')
    new Drafts('b', null).set('c_2', 'of another chat')
    drafts.clear()
    expect(drafts.get('c_2')).to.equal('')
    expect(Object.keys(sessionStorage)).to.deep.equal(['b:draft:c_2'])
  })

  for (const [before, after, kept] of [
    ['v_one', 'u_ann', true],
    ['v_one', null, true],
    ['u_ann', 'u_ann', true],
    ['v_one', 'v_two', false],
    ['v_one', undefined, false],
    ['u_ann', 'v_one', false],
    ['u_ann', null, false],
  ] as const)
    it(`of ${before} are ${kept ? 'kept' : 'forgotten'} when they are of ${after}, also after a reload`, () => {
      for (const reload of [false, true]) {
        const drafts = new Drafts('a', null)
        drafts.belongTo(before)
        drafts.set('c_1', 'one')
        const later = reload ? new Drafts('a', null) : drafts
        expect(later.belongTo(after)).to.equal(!kept)
        expect(later.get('c_1')).to.equal(kept ? 'one' : '')
        sessionStorage.clear()
      }
    })

  it('of a user are seen by nobody before it is known who is here', () => {
    const before = new Drafts('a', null)
    before.belongTo('u_ann')
    before.set('c_1', 'one')
    const after = new Drafts('a', null)
    expect(after.get('c_1')).to.equal('')
    after.belongTo('u_ann')
    expect(after.get('c_1')).to.equal('one')
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
      const drafts = new Drafts('a', null)
      drafts.set('c_1', 'one')
      expect(drafts.get('c_1')).to.equal('one')
      drafts.clear()
      expect(drafts.get('c_1')).to.equal('')
    } finally {
      if (descriptor) Object.defineProperty(window, 'sessionStorage', descriptor)
    }
  })
})
