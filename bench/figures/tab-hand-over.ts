import { scaled, type Bench } from '../figure.js'
import { answerOf, mulberry32 } from '../widget/answer.js'
import { followAlong, inPage, openChat } from '../widget/chat-page.js'
import { launch } from '../widget/measure.js'
import { questionFor, startSite } from '../widget/site.js'
import { twoTabs } from './widget-pages.js'

const SEED = 20_261_121
const RUNS = 200
const TOKENS = 120
const RATE = 200

/** The tab that reads an answer is closed at a random moment; the other one shows it whole, once. */
export const tabHandOver: Bench = {
  name: 'An answer whose tab closes',
  parts: ['Chromium'],
  async run() {
    const site = await startSite()
    const browser = await launch()
    const expected = answerOf(TOKENS, SEED).join('')
    const random = mulberry32(SEED)
    const faults: string[] = []
    const runs = scaled(RUNS)
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    try {
      let [reading, other] = await twoTabs(context, site.url)
      for (let run = 0; run < runs; run += 1) {
        const question = `${questionFor(TOKENS, RATE)}, run ${run}`
        // The tab goes away with it.
        inPage(reading, `await bench.widget().send(${JSON.stringify(question)})`).catch(() => undefined)
        await inPage(
          reading,
          `await bench.until(() => bench.find('chat-widget-message').some(({ message }) => message?.content === ${JSON.stringify(question)}))`,
        )
        await reading.waitForTimeout(Math.floor(random() * (TOKENS / RATE) * 1_100))
        await reading.close()
        const answers = await inPage<string[]>(other, answersTo(question))
        if (answers.length !== 1 || answers[0] !== expected)
          faults.push(`run ${run}: ${answers.map(({ length }) => length).join()}`)
        reading = other
        other = await openChat(context, site.url)
        await followAlong(other)
      }
    } finally {
      await context.close()
      await browser.close()
      site.close()
    }
    if (faults.length > 0) process.stdout.write(`${faults.join('\n')}\n`)
    return [
      {
        name: `answers with a gap or a duplicate, of ${runs} whose tab was closed at a random moment (seed ${SEED})`,
        today: '–',
        target: '0',
        measured: String(faults.length),
        met: faults.length === 0,
      },
    ]
  },
}

/** The texts of the answers to a question, once the last of them has ended; after ten seconds as they are. */
const answersTo = (question: string): string => `
  const all = () => {
    const messages = bench.find('chat-widget-message').map(({ message }) => message).filter(Boolean)
    const asked = messages.filter(({ content }) => content === ${JSON.stringify(question)}).map(({ id }) => id)
    return messages.filter(({ parentId }) => asked.includes(parentId))
  }
  const limit = performance.now() + 10_000
  await bench.until(() => performance.now() > limit || (all().length > 0 && all().every(({ status }) => status === 'done')))
  return all().map(({ content }) => content)`
