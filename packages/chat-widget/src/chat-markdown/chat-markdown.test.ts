import { expect } from 'chai'
import '../define.js'
import { messageParts } from '../parts/parts-on-demand.js'
import { letterBox, nextFrame } from '../testing/shadow-dom.js'
import type { ChatMarkdown } from './chat-markdown.js'

describe('chat-markdown', () => {
  let time = 0

  before(() => messageParts.load())

  afterEach(() => {
    Reflect.deleteProperty(performance, 'now')
    document.body.replaceChildren()
  })

  /** So many finished answers, one below the other. */
  async function show(count: number, text: string): Promise<ChatMarkdown[]> {
    const answers = Array.from({ length: count }, () => {
      const answer = document.createElement('chat-widget-markdown')
      answer.text = text
      answer.done = true
      return answer
    })
    document.body.append(...answers)
    await Promise.all(answers.map(({ updateComplete }) => updateComplete))
    return answers
  }

  const wordsOf = (answer: ChatMarkdown): string => answer.renderRoot.textContent ?? ''

  it('has the direction of its words', async () => {
    const [answer] = await show(1, 'React هي مكتبة لبناء واجهات المستخدم\n\n- واحد\n- اثنان')
    const list = answer?.renderRoot.querySelector('ul')
    expect(list && getComputedStyle(list).direction).to.equal('rtl')
  })

  it('has the words of an item beside its mark, whatever they begin with', async () => {
    for (const content of ['- Vue خيار آخر من الخيارات', '- واحد\n\n- Vue خيار آخر من الخيارات']) {
      const [answer] = await show(1, content)
      const item = answer?.renderRoot.querySelector('li:last-child')
      if (!item) throw new Error('no item')
      expect(
        item.getBoundingClientRect().right - letterBox(item, 'Vue'.length - 1).right,
        content,
      ).to.be.within(-1, 1)
    }
  })

  it('leaves its own words out of what is copied across a block of code', async () => {
    const [answer] = await show(1, 'Before\n\n```js\nconst a = 1\n```\n\nAfter')
    const selection = getSelection()
    for (const part of answer?.renderRoot.children ?? [])
      if (part.textContent) selection?.selectAllChildren(part)
    const copied = selection?.toString()
    selection?.removeAllRanges()
    expect(copied).to.match(/^Before\s+const a = 1\s+After$/)
  })

  /** A clock that goes on by so much whenever it is looked at. */
  function slowClock(ms: number): { readonly nextFrame: () => void } {
    const { now } = performance
    // Behind whatever was asked for before.
    time = Math.max(time, now.call(performance)) + 1e6
    performance.now = () => (time += ms)
    return { nextFrame: () => (time += 1_000) }
  }

  it('shows of several long answers the last one first, and all in the end', async () => {
    const slow = slowClock(0.5)
    const answers = await show(4, `${'words that go on\n\n'.repeat(2_000)}the end`)
    const ended: number[] = []
    for (let frame = 0; frame < 200 && ended.length < answers.length; frame += 1) {
      slow.nextFrame()
      await nextFrame()
      for (const [index, answer] of answers.entries())
        if (wordsOf(answer).endsWith('the end') && !ended.includes(index)) ended.push(index)
    }
    expect(ended).to.deep.equal([3, 2, 1, 0])
  })

  it('shows no more in a frame in which it gets more text', async () => {
    const slow = slowClock(20)
    const [answer] = await show(1, 'words that go on\n\n'.repeat(2_000))
    if (!answer) throw new Error('no answer')
    const lengths: number[] = []
    for (let frame = 0; frame < 4; frame += 1) {
      slow.nextFrame()
      requestAnimationFrame(() => (answer.text += 'and on\n\n'))
      await nextFrame()
      lengths.push(wordsOf(answer).length)
    }
    const steps = lengths.slice(1).map((length, index) => length - (lengths[index] ?? 0))
    for (const step of steps) expect(step).to.be.within(1, 1_000)
  })
})
