import { expect } from 'chai'
import { Drafts } from '../drafts/drafts.js'
import { DraftController } from './draft-controller.js'

const host = {
  addController: (): void => {},
  requestUpdate: (): void => {},
  updateComplete: Promise.resolve(true),
}
const newPage = (): DraftController => new DraftController(host, () => new Drafts('a', null))

describe('the draft of a user', () => {
  beforeEach(() => {
    const page = newPage()
    page.belongTo('u_ann')
    page.open('c_1')
    page.write('half a question')
  })

  afterEach(() => sessionStorage.clear())

  it('is there again on the next page as soon as it is known that it is theirs', () => {
    const page = newPage()
    page.open('c_1')
    expect(page.text).to.equal('')
    page.belongTo('u_ann')
    expect(page.text).to.equal('half a question')
  })

  it('is shown to nobody else, and is gone once somebody else is here', () => {
    const page = newPage()
    page.open('c_1')
    page.belongTo('u_bob')
    expect(page.text).to.equal('')
    page.belongTo('u_ann')
    expect(page.text).to.equal('')
  })

  it('gives way to what is written before that', () => {
    const page = newPage()
    page.open('c_1')
    page.write('another')
    page.belongTo('u_ann')
    expect(page.text).to.equal('another')
  })
})
