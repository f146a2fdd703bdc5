import type { Locator, Page } from 'playwright-core'

/** The chat on a page, as a visitor finds it: by role and name. */
export class Chat {
  readonly page: Page
  readonly question: Locator
  readonly stop: Locator
  /** The answers of the open conversation, first to last. */
  readonly answers: Locator
  readonly questions: Locator

  /** @param chat where a page has text boxes of its own: the element */
  constructor(page: Page, chat: Page | Locator = page) {
    this.page = page
    this.question = chat.getByRole('textbox')
    this.stop = page.getByRole('button', { name: 'Stop answering' })
    this.answers = page.getByRole('article', { name: 'Assistant' })
    this.questions = page.getByRole('article', { name: 'You' })
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  async open(): Promise<void> {
    // The loader's name for it, or the widget's own.
    await this.button(/^(Chat|Open chat)$/).click()
    await this.question.waitFor()
  }

  /** Sends a question and returns as soon as its answer has begun. */
  async ask(text: string): Promise<Locator> {
    const before = await this.answers.count()
    await this.question.fill(text)
    await this.question.press('Enter')
    const answer = this.answers.nth(before)
    await this.#words(answer).filter({ hasText: /\S/ }).waitFor()
    return answer
  }

  /** Waits until nothing is being written any more. */
  async settle(): Promise<void> {
    await this.stop.waitFor({ state: 'hidden', timeout: 30_000 })
  }

  #words(answer: Locator): Locator {
    return answer.locator('chat-widget-markdown')
  }

  /** The words of an answer so far, without what the widget says about it; empty while there are none. */
  async textOf(answer: Locator): Promise<string> {
    const words = this.#words(answer)
    return (await words.count()) === 0 ? '' : words.evaluate(textWithShadows)
  }
}

/** `textContent`, shadow trees included. Runs in the page. */
function textWithShadows(element: Element): string {
  const read = (node: Node): string => {
    if (node instanceof Text) return node.data
    const children = node instanceof Element && node.shadowRoot ? node.shadowRoot.childNodes : node.childNodes
    return [...children].map(read).join('')
  }
  return read(element).replace(/\s+/g, ' ').trim()
}
