import { expect } from 'chai'
import { ChatError, type ChatMessage as Message } from '@colloquy/chat-core'
import '../define.js'
import { en } from '../locale/en.js'
import { messageParts } from '../parts/parts-on-demand.js'
import { toolParts } from '../parts/tools-on-demand.js'
import { ChatRequestEvent } from '../requests/chat-request.js'
import { STRICT } from '../settings/content-policy.js'
import { fakeMessage } from '../testing/fake-chat-client.js'
import { deepFocus, deepQuery, deepQueryAll, deepText, letterBox, settled } from '../testing/shadow-dom.js'
import type { ChatMessage } from './chat-message.js'

describe('chat-message', () => {
  before(() => Promise.all([messageParts.load(), toolParts.load()]))
  afterEach(() => document.body.replaceChildren())

  let requests: unknown[]

  beforeEach(() => {
    requests = []
  })

  async function show(change: Partial<Message>, last = true): Promise<ChatMessage> {
    const element = document.createElement('chat-widget-message')
    element.message = fakeMessage(change)
    element.last = last
    element.ready = true
    element.addEventListener(ChatRequestEvent.type, (event) => {
      if (event instanceof ChatRequestEvent) requests.push([event.name, event.detail])
    })
    document.body.append(element)
    await settled(element)
    return element
  }

  it('shows a question as the text that it is', async () => {
    const element = await show({ role: 'user', content: '**not bold** <b>x</b>', status: 'sent' })
    expect(deepQuery(element, '.bubble')?.textContent).to.equal('**not bold** <b>x</b>')
  })

  it('shows an answer as Markdown', async () => {
    const element = await show({ content: 'so **bold**' })
    expect(deepQuery(element, 'strong')?.textContent).to.equal('bold')
  })

  it('keeps every cell of a column at the edge of its language, its heading too', async () => {
    for (const [dir, content, edge] of [
      ['ltr', '| שלום | ab |\n| --- | --- |\n| abc | 12 |', 'left'],
      ['rtl', '| שלום | ab |\n| --- | --- |\n| abc | 12 |', 'left'],
      ['ltr', '| ab | שלום |\n| --- | --- |\n| שלום | 12 |', 'right'],
      ['rtl', '| ab | שלום |\n| --- | --- |\n| שלום | 12 |', 'right'],
    ] as const) {
      document.body.dir = dir
      const cells = deepQueryAll(await show({ content }), 'th, td')
      const edges = [...cells].map((cell) => getComputedStyle(cell).textAlign)
      expect(edges).to.deep.equal([edge, edge, edge, edge])
      document.body.replaceChildren()
    }
    document.body.removeAttribute('dir')
  })

  it('has the marks of a list and the bar of a quote at the edge of its language, whatever the panel is written in', async () => {
    for (const dir of ['ltr', 'rtl'] as const)
      for (const [word, edge] of [
        ['one', 'Left'],
        ['שלום', 'Right'],
      ] as const) {
        document.body.dir = dir
        const element = await show({ content: `${word}\n\n- ${word}\n\n> ${word}` })
        const [list, quote] = [deepQuery(element, 'ul'), deepQuery(element, 'blockquote')]
        if (!list || !quote) throw new Error('nothing to look at')
        expect(getComputedStyle(list)[`padding${edge}`], `${dir} ${word}`).to.equal('22px')
        expect(getComputedStyle(quote)[`padding${edge}`], `${dir} ${word}`).to.equal('14px')
        document.body.replaceChildren()
      }
    document.body.removeAttribute('dir')
  })

  it('gives what is no task its mark, also between tasks, and all of it the room that it needs', async () => {
    const element = await show({ content: '- milk\n- [ ] bread' })
    const [plain, task] = deepQueryAll(element, 'li')
    if (!plain || !task) throw new Error('no items')
    expect(getComputedStyle(plain).listStyleType).to.equal('disc')
    expect(getComputedStyle(task).listStyleType).to.equal('none')
    const { left } = element.getBoundingClientRect()
    expect(letterBox(plain, 0).left - left).to.be.at.least(16)
    expect((task.querySelector('input')?.getBoundingClientRect().left ?? 0) - left).to.be.within(0, 6)
  })

  it('leaves room between the box and the words of a task, in either direction', async () => {
    for (const [dir, content] of [
      ['ltr', '- [ ] open'],
      ['rtl', '- [ ] open'],
      ['ltr', '- [ ] שלום'],
      ['rtl', '- [ ] שלום'],
    ] as const) {
      document.body.dir = dir
      const item = deepQuery(await show({ content }), 'li')
      const box = item?.querySelector('input')?.getBoundingClientRect()
      if (!item || !box) throw new Error('no task')
      // Blanks before the first word are none of it.
      const word = letterBox(item, 0).width > 0 ? letterBox(item, 0) : letterBox(item, 1)
      expect(Math.max(word.left - box.right, box.left - word.right), `${dir} ${content}`).to.be.within(5, 12)
      document.body.replaceChildren()
    }
    document.body.removeAttribute('dir')
  })

  it('gives code its colours while the rest is written, and the last piece at the end', async () => {
    const [first, last] = ['const a = 1', 'return 2']
    const content = `\`\`\`js\n${first}\n\`\`\`\n\n\`\`\`js\n${last}`
    const element = await show({ content, status: 'streaming' })
    element.policy = { ...STRICT, extras: new Set(['highlight']) }
    const coloured = (): number[] =>
      deepQueryAll(element, 'pre code').map((code) => code.querySelectorAll('.hl-keyword').length)
    while (coloured()[0] !== 1) await settled(element)
    expect(coloured()).to.deep.equal([1, 0])
    element.message = fakeMessage({ content, status: 'done' })
    while (coloured()[1] !== 1) await settled(element)
    expect(deepQueryAll(element, 'pre code').map(({ textContent }) => textContent)).to.deep.equal([
      first,
      last,
    ])
    const keyword = deepQuery(element, '.hl-keyword')
    expect(keyword && getComputedStyle(keyword).color).not.to.equal(getComputedStyle(element).color)
    element.message = fakeMessage({ content: `${content} * 3`, status: 'done' })
    while (!deepText(element).includes('* 3') || coloured()[1] !== 1) await settled(element)
    expect(coloured()).to.deep.equal([1, 1])
  })

  it('shows that an answer is coming before its first word', async () => {
    const element = await show({ content: '', status: 'sending' })
    expect(deepQuery(element, '.dots') === null).to.equal(false)
    expect(deepText(element)).to.contain(en.writing)
    expect(deepQuery(element, 'article')?.getAttribute('aria-busy')).to.equal('true')
  })

  for (const status of ['failed', 'interrupted', 'stopped'] as const) {
    it(`offers to ask again when an answer was ${status}`, async () => {
      const element = await show({ status, content: 'half' })
      deepQuery(element, '.retry')?.click()
      expect(requests).to.deep.equal([['retry', { messageId: 'm_000001' }]])
      expect(deepText(element)).to.contain('half')
    })
  }

  it('offers nothing of the kind when it is done, blocked or not the last', async () => {
    for (const [status, last] of [
      ['done', true],
      ['blocked', true],
      ['failed', false],
    ] as const) {
      const element = await show({ status }, last)
      expect(deepQuery(element, '.retry') === null, status).to.equal(true)
    }
  })

  it('has words and a way on for every error there is', async () => {
    for (const code of Object.keys(en.errors) as (keyof typeof en.errors)[]) {
      const element = await show({ status: 'failed', error: new ChatError(code, 'internal words') })
      const text = deepQuery(element, '.problem')?.textContent ?? ''
      expect(text.trim().length, code).to.be.greaterThan(20)
      expect(text, code).not.to.contain('internal words')
      element.remove()
    }
  })

  it('says how long to wait', async () => {
    const error = new ChatError('rate_limited', '', { retryAfter: 41_500 })
    const element = await show({ status: 'failed', content: '', error })
    expect(deepText(element)).to.contain('in 0:42')
  })

  it('copies the source of the answer and says so', async () => {
    let copied = ''
    const { clipboard } = navigator
    const fake = { writeText: (text: string) => Promise.resolve(void (copied = text)) }
    Object.defineProperty(navigator, 'clipboard', { value: fake, configurable: true })
    try {
      const element = await show({ content: 'so **bold**' })
      deepQuery(element, '.copy')?.click()
      await settled(element)
      expect(copied).to.equal('so **bold**')
      expect(deepQuery(element, '.copy')?.getAttribute('aria-label')).to.equal('Copied')
    } finally {
      Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true })
    }
  })

  it('offers another answer, and asks for it', async () => {
    const element = await show({ content: 'so' }, false)
    deepQuery(element, '.regenerate')?.click()
    expect(requests).to.deep.equal([['regenerate', { messageId: 'm_000001' }]])
  })

  it('offers neither another answer nor an edit while something is under way', async () => {
    for (const role of ['user', 'assistant'] as const) {
      const element = await show({ role, status: role === 'user' ? 'sent' : 'done' })
      element.ready = false
      await settled(element)
      expect(deepQuery(element, '.regenerate, .edit') === null, role).to.equal(true)
    }
  })

  describe('feedback', () => {
    const thumb = (element: ChatMessage, name: string): HTMLElement | null =>
      deepQuery(element, `.thumb.${name}`)

    it('is given with one press, and may say why', async () => {
      const element = await show({ content: 'so' })
      thumb(element, 'down')?.click()
      await settled(element)
      expect(requests).to.deep.equal([['feedback', { messageId: 'm_000001', rating: 'down', comment: null }]])
      const input = deepQueryAll<HTMLTextAreaElement>(element, 'textarea')[0]
      if (!input) throw new Error('no form')
      expect(deepFocus() === input).to.equal(true)
      input.value = ' Too short. '
      deepQueryAll<HTMLFormElement>(element, 'form')[0]?.requestSubmit()
      await settled(element)
      expect(requests[1]).to.deep.equal([
        'feedback',
        { messageId: 'm_000001', rating: 'down', comment: 'Too short.' },
      ])
      expect([
        deepText(element).includes('Thank you.'),
        deepFocus() === thumb(element, 'down'),
      ]).to.deep.equal([true, true])
    })

    it('sends the comment with Enter, as questions are, and starts a line with Shift+Enter', async () => {
      const element = await show({ content: 'so' })
      thumb(element, 'up')?.click()
      await settled(element)
      const input = deepQueryAll<HTMLTextAreaElement>(element, 'textarea')[0]
      if (!input) throw new Error('no form')
      input.value = 'Kind.'
      const press = async (target: Element, more: KeyboardEventInit = {}): Promise<void> => {
        const event = { key: 'Enter', bubbles: true, composed: true, cancelable: true, ...more }
        target.dispatchEvent(new KeyboardEvent('keydown', event))
        await settled(element)
      }
      await press(input, { shiftKey: true })
      await press(input, { isComposing: true })
      // On a button, Enter presses that.
      await press(deepQueryAll(element, 'form button')[0] ?? input)
      expect(requests.length).to.equal(1)
      await press(input)
      expect(requests[1]).to.deep.equal([
        'feedback',
        { messageId: 'm_000001', rating: 'up', comment: 'Kind.' },
      ])
    })

    it('shows what was said, and asks the server only for a change', async () => {
      const feedback = { rating: 'up', comment: 'Nice', created_at: '' } as const
      const element = await show({ content: 'so', feedback })
      expect(['up', 'down'].map((name) => thumb(element, name)?.ariaPressed)).to.deep.equal(['true', 'false'])
      thumb(element, 'up')?.click()
      await settled(element)
      expect([requests, deepQueryAll<HTMLTextAreaElement>(element, 'textarea')[0]?.value]).to.deep.equal([
        [],
        'Nice',
      ])
      deepQuery(element, 'form')?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }),
      )
      await settled(element)
      expect([requests, deepQuery(element, 'form'), deepFocus() === thumb(element, 'up')]).to.deep.equal([
        [],
        null,
        true,
      ])
    })

    it('is not asked for about what is no answer', async () => {
      for (const change of [{ role: 'user', status: 'sent' }, { status: 'failed' }, { content: '' }] as const)
        expect(thumb(await show(change), 'up')).to.equal(null)
    })
  })

  describe('an edit', () => {
    async function edit(): Promise<{ element: ChatMessage; input: HTMLTextAreaElement }> {
      const element = await show({ role: 'user', status: 'sent', content: 'How log?' })
      deepQuery(element, '.edit')?.click()
      await settled(element)
      const input = deepQueryAll<HTMLTextAreaElement>(element, 'textarea')[0]
      if (!input) throw new Error('no editor')
      return { element, input }
    }

    async function write(element: ChatMessage, input: HTMLTextAreaElement, text: string): Promise<void> {
      input.value = text
      input.dispatchEvent(new Event('input'))
      await settled(element)
    }

    const press = (input: HTMLElement, init: KeyboardEventInit): boolean =>
      input.dispatchEvent(
        new KeyboardEvent('keydown', { bubbles: true, composed: true, cancelable: true, ...init }),
      )

    it('begins with the question and the caret at its end', async () => {
      const { input } = await edit()
      expect(input.value).to.equal('How log?')
      expect([input.selectionStart, deepFocus()]).to.deep.equal([8, input])
    })

    it('is asked with Enter, as a new version of the question', async () => {
      const { element, input } = await edit()
      await write(element, input, ' How long? ')
      press(input, { key: 'Enter' })
      await settled(element)
      expect(requests).to.deep.equal([['edit', { messageId: 'm_000001', text: 'How long?' }]])
      expect(deepQuery(element, 'textarea') === null).to.equal(true)
    })

    it('is left with Escape, which nothing else hears, and gives the focus back', async () => {
      const { element, input } = await edit()
      const heard: Event[] = []
      element.addEventListener('keydown', (event) => heard.push(event))
      await write(element, input, 'something else')
      press(input, { key: 'Escape' })
      await settled(element)
      expect([requests, heard]).to.deep.equal([[], []])
      expect(deepQuery(element, '.bubble')?.textContent).to.equal('How log?')
      expect(deepFocus()?.className).to.contain('edit')
    })

    it('is not asked while it is empty, too long, unchanged, or a word is being composed', async () => {
      const { element, input } = await edit()
      element.maxLength = 10
      for (const text of ['  ', 'x'.repeat(11)]) {
        await write(element, input, text)
        press(input, { key: 'Enter' })
      }
      expect(deepText(element)).to.contain('1 characters too many')
      await write(element, input, 'fine')
      press(input, { key: 'Enter', isComposing: true })
      await write(element, input, 'How log?')
      press(input, { key: 'Enter' })
      await settled(element)
      expect(requests).to.deep.equal([])
    })
  })
})
