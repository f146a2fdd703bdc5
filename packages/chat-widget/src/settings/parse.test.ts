import { expect } from 'chai'
import { parseExtras, parseHosts, parseProxy } from './parse.js'

const page = 'https://shop.example.com/cart?x=1'

describe('settings', () => {
  const { warn } = console
  let warnings: unknown[]

  beforeEach(() => {
    warnings = []
    console.warn = (text: unknown) => warnings.push(text)
  })

  afterEach(() => {
    console.warn = warn
  })

  it('takes the address of the proxy absolute, relative or not at all', () => {
    expect(parseProxy('https://chat.example.com/', page)).to.equal('https://chat.example.com')
    expect(parseProxy('/support/chat/', page)).to.equal('https://shop.example.com/support/chat')
    expect(parseProxy('../chat', page)).to.equal('https://shop.example.com/chat')
    expect(parseProxy('//chat.example.com', page)).to.equal('https://chat.example.com')
    expect(parseProxy('', page)).to.equal('https://shop.example.com')
    expect(warnings).to.deep.equal([])
  })

  it('warns about an address that is none and goes to the page itself', () => {
    expect(parseProxy('javascript:alert(1)', page)).to.equal('https://shop.example.com')
    expect(parseProxy('http://', page)).to.equal('https://shop.example.com')
    expect(parseProxy('not a url:::', page)).to.equal('https://shop.example.com')
    expect(parseProxy('chat.example.com', page)).to.equal('https://shop.example.com')
    expect(warnings).to.have.length(4)
  })

  it('reads extras and warns about what is none', () => {
    expect([...parseExtras('highlight, fireworks')]).to.deep.equal(['highlight'])
    expect([...parseExtras(null)]).to.deep.equal([])
    expect(warnings).to.have.length(1)
  })

  it('reads image hosts and warns about what is not one', () => {
    const hosts = parseHosts('cdn.example.com, IMG.example.com:8443  https://x.example/ *')
    expect([...hosts]).to.deep.equal(['cdn.example.com', 'img.example.com:8443'])
    expect(warnings).to.have.length(2)
  })
})
