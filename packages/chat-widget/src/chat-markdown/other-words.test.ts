import { expect } from 'chai'
import '../define.js'
import { en } from '../locale/en.js'
import { messageParts } from '../parts/parts-on-demand.js'
import { deepQuery, settled } from '../testing/shadow-dom.js'
import type { ChatMarkdown } from './chat-markdown.js'

describe('the words of a chat-markdown', () => {
  let markdown: ChatMarkdown

  before(() => messageParts.load())

  beforeEach(async () => {
    markdown = document.createElement('chat-widget-markdown')
    markdown.text = 'Words\n\n```\ncode\n```'
    markdown.done = true
    document.body.append(markdown)
    await settled(markdown)
  })

  afterEach(() => markdown.remove())

  const copy = (): Element | null => deepQuery(markdown, '.copy-code')

  it('keeps its nodes when a page sets the same words again, as frameworks do with every render', async () => {
    const before = copy()
    markdown.strings = { ...en }
    await settled(markdown)
    expect(before !== null && copy() === before).to.equal(true)
  })

  it('says it in other words when there are others', async () => {
    markdown.strings = { ...en, copyCode: 'Take' }
    await settled(markdown)
    expect(copy()?.textContent).to.equal('Take')
  })
})
