import { expect } from 'chai'
import '../define.js'
import { messageParts } from '../parts/parts-on-demand.js'
import { fakeMessage } from '../testing/fake-chat-client.js'
import { deepText, settled } from '../testing/shadow-dom.js'

// A page of its own: nothing but the first opening has been fetched here.
describe('chat-message-list, before the code of messages is there', () => {
  after(() => document.body.replaceChildren())

  it('shows their words, and then the messages themselves', async () => {
    const list = document.createElement('chat-widget-message-list')
    list.messages = [
      fakeMessage({ id: 'm_1', role: 'user', status: 'sent', content: 'Where is my order?' }),
      fakeMessage({ id: 'm_2', content: 'Here. '.repeat(100_000) }),
    ]
    document.body.append(list)
    await list.updateComplete
    const message = list.renderRoot.querySelector('chat-widget-message')
    expect([message?.shadowRoot, message?.textContent]).to.deep.equal([null, 'Where is my order?'])
    // A million letters would be laid out only to be thrown away.
    expect(list.renderRoot.querySelectorAll('chat-widget-message')[1]?.textContent?.length).to.be.below(
      10_002,
    )
    await messageParts.load()
    await settled(list)
    expect([message?.textContent, message && deepText(message).includes('Where is my order?')]).to.deep.equal(
      ['', true],
    )
  })
})
