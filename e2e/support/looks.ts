import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { rest } from '../../packages/chat-widget/test/state-pages.mjs'

/** WCAG 2.2, A and AA, and what axe calls good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const COLOURS = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' } },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'forced colours', media: { colorScheme: 'dark', forcedColors: 'active' } },
] as const
/** The panel goes by the language, the launcher's corner by the direction of the page. */
const LANGUAGES = [
  { lang: 'en', dir: 'ltr' },
  { lang: 'ar', dir: 'rtl' },
] as const

/** In how many looks each state is seen on each screen. */
export const LOOKS = COLOURS.length * LANGUAGES.length

export const SCREENS = [
  { name: 'desktop', viewport: { width: 1280, height: 800 } },
  { name: 'phone', viewport: { width: 320, height: 640 } },
]

/** What {@link findingsOf} needs in the page. */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
}

/**
 * What axe finds in the state that the page shows, in every look, one line each.
 * @param part selector of what is looked at
 */
export async function findingsOf(page: Page, part = 'chat-widget'): Promise<readonly string[]> {
  const findings: string[] = []
  for (const language of LANGUAGES) {
    await speak(page, language)
    for (const { name, media } of COLOURS) {
      await page.emulateMedia(media)
      await rest(page)
      findings.push(...(await check(page, part)).map((finding) => `${name}, ${language.dir}: ${finding}`))
    }
  }
  return findings
}

/** What can be pressed and has less than 44 px to press, one line each; a link in running text is as high as that. */
export const smallTargetsOf = (page: Page): Promise<readonly string[]> => page.evaluate(smallTargets)

/** Turns page and widget to a language, and waits until the widget's words and direction are those of it. */
async function speak(page: Page, { lang, dir }: (typeof LANGUAGES)[number]): Promise<void> {
  await page.evaluate(({ lang, dir }) => Object.assign(document.documentElement, { lang, dir }), {
    lang,
    dir,
  })
  await page.waitForFunction(
    ({ lang, dir }) => {
      const widget = document.querySelector('chat-widget')
      if (!widget) return true
      const root = widget.shadowRoot
      const panel = root?.querySelector('chat-widget-panel')
      return root?.querySelector(`.root[lang='${lang}']`) && (!panel || panel.matches(`:dir(${dir})`))
    },
    { lang, dir },
    // Not by frames, of which a busy machine has few.
    { polling: 50 },
  )
}

/** Runs in the page. */
function smallTargets(): string[] {
  const TARGETS = 'button, [role=button], textarea, select, summary, input:not([type=checkbox])'
  const targets = (root: ParentNode): Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...(element.matches(TARGETS) ? [element] : []),
      ...(element.shadowRoot ? targets(element.shadowRoot) : []),
    ])
  const chat = document.querySelector('chat-widget')?.shadowRoot
  return targets(chat ?? document)
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map((element) => ({ element, ...element.getBoundingClientRect().toJSON() }))
    .filter(({ width, height }) => width < 44 || height < 44)
    .map(({ element, width, height }) => `${element.className} ${element.ariaLabel}: ${width} × ${height}`)
}

async function check(page: Page, part: string): Promise<string[]> {
  const {
    violations,
  }: { violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[] } =
    await page.evaluate(
      `axe.run(${JSON.stringify(part)}, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })`,
    )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} ${JSON.stringify(target)} ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  )
}
