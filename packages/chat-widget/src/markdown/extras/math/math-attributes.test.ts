import { expect } from 'chai'
import { safeAttribute } from './math-attributes.js'

describe('attributes of formulas', () => {
  it('are those of the list, with values of theirs', () => {
    expect(safeAttribute('width', '0.2778em')).to.equal('0.2778em')
    expect(safeAttribute('stretchy', false)).to.equal('false')
    for (const [name, value] of [
      ['href', 'https://a.test'],
      ['style', 'color:red'],
      ['onclick', 'x()'],
      ['id', 'a'],
      ['class', 'b'],
      ['mathcolor', 'red'],
      ['mathbackground', 'url(https://a.test)'],
      ['width', '1000em'],
      ['width', 'calc(1px)'],
      ['mathsize', '9em'],
      ['toString', 'x'],
    ] as const)
      expect(safeAttribute(name, value), name).to.equal(null)
  })
})
