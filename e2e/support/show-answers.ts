import type { Page } from 'playwright-core'

declare global {
  interface Window {
    /** What is left in an answer that could act. */
    faultsOf(root: ParentNode): string[]
  }
}

interface Answers {
  readonly payloads: readonly string[]
  /** The site allows HTML in answers. */
  readonly html: boolean
  readonly seed: number
}

/**
 * Shows each payload as an answer of the chat that the page has, once whole and once as it comes in pieces, and takes it away again.
 * @returns what was left in what is shown that could act, one line each
 */
export async function showAnswers(page: Page, answers: Answers): Promise<readonly string[]> {
  await bringDetector(page)
  // As text: what a page has changed about its arrays is none of our business.
  const found = await page.evaluate(showAll, JSON.stringify(answers))
  return found === '' ? [] : found.split('\n')
}

/** Puts into the page what finds faults: `faultsOf`. */
export const bringDetector = (page: Page): Promise<void> => page.evaluate(prepare)

/** Runs in the page. */
function prepare(): void {
  const NEVER = 'script, style, link, meta, base, iframe, frame, object, embed, form, template, img'
  window.faultsOf = (root) =>
    Array.from(root.querySelectorAll('*')).flatMap((element) => [
      ...(element instanceof HTMLElement && !element.matches(NEVER) ? [] : [`<${element.localName}>`]),
      ...element
        .getAttributeNames()
        .filter((name) => /^(?:on|style$|src|action$|formaction$|ping$|id$|name$)/.test(name)),
      ...(element instanceof HTMLAnchorElement && !/^(?:https?|mailto|tel):$/.test(element.protocol)
        ? [`link to ${element.href}`]
        : []),
    ])
}

/** Runs in the page. */
async function showAll(input: string): Promise<string> {
  interface Shown extends HTMLElement {
    text: string
    done: boolean
    policy: { allowHtml: boolean; imageHosts: Set<string>; extras: Set<string> }
    caughtUp(): Promise<void>
  }
  const { payloads, html, seed } = JSON.parse(input) as Answers
  const faults: string[] = []
  let shown = 0
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
    return Math.floor((state / 0x80_00_00_00) * below)
  }
  const policy = { allowHtml: html, imageHosts: new Set<string>(), extras: new Set<string>() }

  const show = async (payload: string, pieces: number): Promise<void> => {
    const answer = document.createElement('chat-widget-markdown') as Shown
    answer.policy = policy
    document.body.append(answer)
    const cuts = Array.from({ length: pieces }, () => random(payload.length)).toSorted((a, b) => a - b)
    for (let index = 0; index < cuts.length; index += 1) {
      answer.text = payload.slice(0, cuts[index])
      await answer.caughtUp()
    }
    answer.text = payload
    answer.done = true
    await answer.caughtUp()
    const content = answer.shadowRoot?.querySelector('.content')
    if (content?.textContent) shown += 1
    const left = content ? window.faultsOf(content).join(', ') : ''
    if (left !== '') faults.push(`${left}: ${payload.slice(0, 80)}`.replace(/\n/g, ' '))
    for (const element of content?.querySelectorAll<HTMLElement>('details, [tabindex]') ?? []) element.focus()
    answer.remove()
  }

  // Many at a time: each has but its share of a frame.
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < payloads.length) {
      const payload = payloads[next] ?? ''
      next += 1
      await show(payload, 0)
      await show(payload, html ? 1 : 2)
    }
  }
  await Promise.all(Array.from({ length: 50 }, worker))
  // Time for what was loaded or put off to show itself.
  await new Promise((done) => setTimeout(done, 200))
  if (shown < payloads.length)
    faults.push(`no more than ${shown} of ${2 * payloads.length} have words that are shown`)
  return faults.join('\n')
}
