import { expect } from 'chai'
import { mathAt, mathBlockAt, mayBeginMath, MATH_LENGTH } from './find-math.js'
import { openMathBlockAt, scanMath } from './scan-math.js'

const found = (text: string): string[] => scanMath(text).formulas.map(({ raw }) => raw)
const openAt = (text: string): number | null => scanMath(text).open

describe('math in Markdown', () => {
  it('is what stands between its marks', () => {
    expect(found('a $x^2$, \\(y_1\\) and $$z$$, then \\[\\frac{1}{2}\\].')).to.deep.equal([
      '$x^2$',
      '\\(y_1\\)',
      '$$z$$',
      '\\[\\frac{1}{2}\\]',
    ])
    expect(mathAt('$x$', 0)).to.deep.equal({ raw: '$x$', text: 'x', display: false })
    expect(mathAt('$$x$$', 0)).to.deep.equal({ raw: '$$x$$', text: 'x', display: true })
  })

  it('is no money', () => {
    for (const text of [
      'It costs $5 and $10.',
      'from $5-$10',
      '$1,000 or $2,000',
      'US$5 and US$6',
      '5$ here, 6$ there',
      '$ x $ has blanks',
      'a $20 bill, $3.50 back',
      '$x$5',
    ])
      expect(found(text), text).to.deep.equal([])
  })

  it('is not in code, and an escaped mark is none', () => {
    expect(found('`$x$` and ``\\(y\\)`` and \\$a$ and $b$')).to.deep.equal(['$b$'])
    expect(found('```\n$x$\n```\n$y$')).to.deep.equal(['$y$'])
    expect(found('$a\\$b$')).to.deep.equal(['$a\\$b$'])
  })

  it('does not go beyond its paragraph, unless it is a block', () => {
    expect(found('$x\n\ny$')).to.deep.equal([])
    expect(mathBlockAt('$$\nx\n\ny\n$$\nnext')?.raw).to.equal('$$\nx\n\ny\n$$')
    expect(mathBlockAt('$$x$$ and more')).to.equal(null)
  })

  it('has a length and a depth', () => {
    expect(found(`$${'x'.repeat(MATH_LENGTH)}$`)).to.deep.equal([])
    expect(found(`$${'{'.repeat(60)}x${'}'.repeat(60)}$`)).to.deep.equal([])
    expect(mayBeginMath(`$x${'y'.repeat(MATH_LENGTH)}`, 0)).to.equal(false)
  })

  it('is held back while its end may still come, and money is not', () => {
    for (const text of ['a $x', 'a $', 'a \\(x + ', '$$\nx\n\ny', 'a \\[', 'x $\\frac{1}{'])
      expect(openAt(text), text).to.equal(text.search(/[$\\]/))
    for (const text of ['a $5 and so', 'pays $5. Then', 'the $HOME of all is here', 'a $x\n\nb', '`a $x'])
      expect(openAt(text), text).to.equal(null)
  })

  it('keeps what follows an open block from being final', () => {
    expect(openMathBlockAt('a\n\n$$\nx\n\ny\n')).to.equal(3)
    expect(openMathBlockAt('$$\nx\n$$\n\nb\n')).to.equal(null)
    expect(openMathBlockAt('```\n$$\n```\n\n$$\nx\n')).to.equal(12)
    expect(openMathBlockAt('$$a$$ b\n')).to.equal(null)
  })
})
