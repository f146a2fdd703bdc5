import { expect } from 'chai'
import { directionOf } from './direction-of.js'

describe('the direction of an answer', () => {
  it('is that of most of its letters, whatever it begins with', () => {
    expect(directionOf('React هي مكتبة لبناء واجهات المستخدم')).to.equal('rtl')
    expect(directionOf('- Vue ספרייה לבניית ממשקים')).to.equal('rtl')
    expect(directionOf('The word سلام means peace.')).to.equal('ltr')
    expect(directionOf('مكتبة, in English: library of components')).to.equal('ltr')
  })

  it('is from the left where there are no letters', () => {
    expect(directionOf('')).to.equal('ltr')
    expect(directionOf('1. 2\n2. 3')).to.equal('ltr')
  })

  it('is told by its first 500 letters', () => {
    expect(directionOf('س'.repeat(251) + 'a'.repeat(1_000))).to.equal('rtl')
    expect(directionOf('س'.repeat(249) + 'a'.repeat(1_000))).to.equal('ltr')
  })
})
