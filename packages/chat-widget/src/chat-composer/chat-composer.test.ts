import { expect } from 'chai'
import '../define.js'
import { ChatRequestEvent, isRequest } from '../requests/chat-request.js'
import { FakeClock } from '../testing/fake-clock.js'
import { deepQuery, deepQueryAll } from '../testing/shadow-dom.js'
import type { ChatComposer } from './chat-composer.js'

describe('chat-composer', () => {
  let composer: ChatComposer
  let requests: [string, unknown][]
  let drafts: string[]

  beforeEach(async () => {
    composer = document.createElement('chat-widget-composer')
    requests = []
    drafts = []
    composer.addEventListener(ChatRequestEvent.type, (event) => {
      if (isRequest(event, 'draft')) drafts.push(event.detail.text)
      else if (event instanceof ChatRequestEvent) requests.push([event.name, event.detail])
    })
    document.body.append(composer)
    await composer.updateComplete
  })

  afterEach(() => composer.remove())

  const input = (): HTMLTextAreaElement =>
    deepQueryAll<HTMLTextAreaElement>(composer, 'textarea')[0] ?? fail('textarea')
  const button = (): HTMLButtonElement =>
    deepQueryAll<HTMLButtonElement>(composer, '.send')[0] ?? fail('.send')
  const hint = (): string => deepQuery(composer, '#hint')?.textContent ?? fail('#hint')

  function fail(selector: string): never {
    throw new Error(`no ${selector}`)
  }

  async function write(text: string): Promise<void> {
    input().value = text
    input().dispatchEvent(new Event('input'))
    await composer.updateComplete
  }

  async function press(init: KeyboardEventInit): Promise<KeyboardEvent> {
    const event = new KeyboardEvent('keydown', { cancelable: true, bubbles: true, ...init })
    input().dispatchEvent(event)
    await composer.updateComplete
    return event
  }

  it('does not take the second click of two on the button that sends for a wish to stop', async () => {
    composer.busy = true
    await composer.updateComplete
    const stops = (detail: number): boolean => {
      requests = []
      button().dispatchEvent(new MouseEvent('click', { bubbles: true, detail }))
      return requests.length > 0
    }
    // By keyboard, by one click, by the second of two.
    expect([stops(0), stops(1), stops(2)]).to.deep.equal([true, true, false])
  })

  it('sends trimmed text with Enter, and keeps it until it is on its way', async () => {
    await write('  Hello there \n')
    const event = await press({ key: 'Enter' })
    expect(requests).to.deep.equal([['send-draft', { text: 'Hello there' }]])
    expect(event.defaultPrevented).to.equal(true)
    expect(drafts).to.deep.equal(['  Hello there \n'])
    composer.text = ''
    await composer.updateComplete
    expect(input().value).to.equal('')
  })

  it('starts a new line with Shift+Enter', async () => {
    await write('one')
    const event = await press({ key: 'Enter', shiftKey: true })
    expect(requests).to.deep.equal([])
    expect(event.defaultPrevented).to.equal(false)
  })

  it('does not send the Enter that ends a composition', async () => {
    await write('にほん')
    await press({ key: 'Enter', isComposing: true })
    await press({ key: 'Enter', keyCode: 229 })
    expect(requests).to.deep.equal([])
  })

  it('sends nothing when there is nothing but blanks', async () => {
    await write(' \n ')
    await press({ key: 'Enter' })
    expect(requests).to.deep.equal([])
    expect(button().disabled).to.equal(true)
  })

  it('stops instead of sending while an answer is under way, and keeps the draft', async () => {
    await write('next question')
    composer.busy = true
    await composer.updateComplete
    await press({ key: 'Enter' })
    expect(button().getAttribute('aria-label')).to.equal('Stop answering')
    button().click()
    expect(requests).to.deep.equal([['stop', null]])
    expect(input().value).to.equal('next question')
  })

  it('counts near the limit and refuses beyond it', async () => {
    composer.maxLength = 10
    await write('1234567')
    expect(hint()).to.equal('')
    await write('12345678')
    expect(hint()).to.equal('8 of 10 characters')
    await write('123456789012')
    expect(hint()).to.contain('2 characters too many')
    expect(input().getAttribute('aria-invalid')).to.equal('true')
    await press({ key: 'Enter' })
    expect(requests).to.deep.equal([])
  })

  it('grows with the text, up to its limit', async () => {
    const small = composer.offsetHeight
    await write('a\nb\nc')
    expect(composer.offsetHeight).to.equal(small + 48)
    await write('a\n'.repeat(100))
    expect(composer.offsetHeight).to.be.lessThan(240)
  })

  it('counts down to the end of a limit, keeps what is written, and sends when it is over', async () => {
    const clock = new FakeClock()
    try {
      const wait = (): string => deepQuery(composer, '[role=timer]')?.textContent?.trim() ?? ''
      await write('Where is my order?')
      composer.waitUntil = Date.now() + 62_000
      await composer.updateComplete
      const seen = [wait()]
      for (const ms of [1_000, 2_000, 58_500]) {
        clock.advance(ms)
        await composer.updateComplete
        seen.push(wait())
      }
      expect(seen).to.deep.equal(
        ['1:02', '1:01', '0:59', '0:01'].map((time) => `You can ask again in ${time}.`),
      )
      await press({ key: 'Enter' })
      expect([requests, button().disabled]).to.deep.equal([[], true])
      clock.advance(500)
      await composer.updateComplete
      expect([wait(), hint(), clock.pending]).to.deep.equal(['', 'You can ask again now.', 0])
      await press({ key: 'Enter' })
      expect(requests).to.deep.equal([['send-draft', { text: 'Where is my order?' }]])
    } finally {
      clock.restore()
    }
  })

  it('says long waits in hours and days', async () => {
    const hours = async (count: number): Promise<string> => {
      composer.waitUntil = Date.now() + count * 3_600_000
      await composer.updateComplete
      return deepQuery(composer, '[role=timer]')?.textContent?.trim() ?? ''
    }
    expect(await hours(5)).to.equal('You can ask again in 5 hours.')
    expect(await hours(70)).to.equal('You can ask again in 3 days.')
  })
})
