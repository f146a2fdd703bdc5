import { expect } from 'chai'
import { renderPieces } from '../testing/render-markdown.js'

describe('links and images of answers', () => {
  const link = (markdown: string) => renderPieces(markdown).querySelector('a')

  it('open elsewhere, tell nothing, and show where they lead', () => {
    const anchor = link('[docs](https://example.com/a)')
    expect(anchor?.rel).to.equal('noopener noreferrer nofollow')
    expect(anchor?.target).to.equal('_blank')
    expect(anchor?.title).to.equal('https://example.com/a')
  })

  for (const href of ['http://a.example', 'HTTPS://a.example', 'mailto:a@b.example', 'tel:+49301234']) {
    it(`may lead to ${href}`, () => expect(link(`[x](${href})`)?.textContent).to.equal('x'))
  }

  for (const href of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '&#106;avascript:alert(1)',
    'java&Tab;script:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.example/1',
    '/logout',
    '//a.example/x',
    '#top',
    'docs.html',
    'https://user@a.example/',
    'https:a.example',
  ]) {
    it(`may not lead to ${href}`, () => {
      const dom = renderPieces(`[label](${href}) <${href}>`)
      expect(dom.querySelectorAll('a').length).to.equal(0)
      expect(dom.textContent).to.contain('label')
    })
  }

  it('are text when their words are the address of somebody else', () => {
    expect(link('[https://bank.example/login](https://evil.example)')).to.equal(null)
    expect(link('[bank.example](https://bank.example.evil.example)')).to.equal(null)
    expect(link('[www.bank.example](https://bank.example/x)')?.hostname).to.equal('bank.example')
    for (const around of ['$.', '“$”', '$\u202e', 'ba\u200bnk.example', '($)', '**$**…']) {
      const shown = around.replace('$', 'https://bank.example')
      expect(link(`[${shown}](https://evil.example)`)?.hostname, around).to.equal(undefined)
    }
    expect(link('[bank.example.](https://bank.example)')?.hostname).to.equal('bank.example')
    expect(link(`[bank.example/${'-'.repeat(60_000)} x](https://bank.example)`)?.hostname).to.equal(
      'bank.example',
    )
    expect(link('[Read this.](https://evil.example)')?.hostname).to.equal('evil.example')
    expect(link('[version 2.0](https://evil.example)')?.hostname).to.equal('evil.example')
  })

  it('are text, and tell where they would lead, when the letters of their address are not what they look like', () => {
    for (const host of [
      'аpple.com',
      'www.раураӏ.com',
      'аpple.example.com',
      'gοοgle.com',
      'microsoft.соm',
      'ОРЕХ.com',
      '1-сосо.com',
    ]) {
      const address = `https://${host}/x`
      const { host: ascii } = new URL(address)
      for (const markdown of [`[${host}](${address})`, `[${address}](https://${ascii}/x)`, `<${address}>`]) {
        const dom = renderPieces(markdown)
        expect(dom.querySelectorAll('a').length, markdown).to.equal(0)
        expect(dom.textContent, markdown).to.contain(` (${ascii})`)
      }
    }
    for (const host of [
      'пример.com',
      'münchen.de',
      '例え.jp',
      'ελλάδα.gr',
      'роса.рф',
      'उदाहरण.भारत',
      'shop.пример.com',
      '123.com',
    ]) {
      const address = `https://${host}/`
      expect(link(`[${host}](${address})`)?.href, host).to.equal(new URL(address).href)
    }
  })

  it('stand in for images of hosts that the site does not list', () => {
    const dom = renderPieces(
      '![A cat](https://cdn.example/cat.png) ![](/logout) ![x](data:image/png;base64,AA)',
    )
    expect(dom.querySelectorAll('img').length).to.equal(0)
    expect([...dom.querySelectorAll('a')].map(({ textContent }) => textContent)).to.deep.equal([
      'A cat (cdn.example)',
    ])
  })

  it('give way to images of hosts that the site lists, exactly and over https only', () => {
    const imageHosts = new Set(['127.0.0.1:9'])
    const markdown =
      '![a](https://127.0.0.1:9/a.png) ![b](https://x.127.0.0.1:9/) ![c](http://127.0.0.1:9/c.png) ![d](https://127.0.0.1/d)'
    const images = [...renderPieces(markdown, [], { imageHosts }).querySelectorAll('img')]
    expect(images.map(({ alt, referrerPolicy }) => [alt, referrerPolicy])).to.deep.equal([
      ['a', 'no-referrer'],
    ])
  })
})
