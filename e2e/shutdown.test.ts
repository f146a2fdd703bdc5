import { afterEach, expect, it } from 'vitest'
import { answerOf, Api, dataOf, readText } from './support/api.ts'
import { startSite, type Site } from './support/server-process.ts'

let site: Site
afterEach(() => site.dispose())

/** Asks, sends the signal when the answer has begun, and reads on to the end. */
async function signalInMidAnswer(signal: NodeJS.Signals): Promise<string> {
  const api = await Api.startSession(site.url)
  const response = await api.ask('Tell me about your features')
  let sent = false
  return readText(response, (soFar) => {
    if (sent || answerOf(soFar.slice(0, soFar.lastIndexOf('\n\n') + 1)) === '') return
    sent = true
    site.signal(signal)
  })
}

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s lets a running answer finish, then the process ends well',
  async (signal) => {
    site = await startSite()
    const stream = await signalInMidAnswer(signal)
    expect(dataOf(stream).at(-1)).toBe('[DONE]')
    expect(stream).toContain('"status":"completed"')
    expect(answerOf(stream).length).toBeGreaterThan(50)
    expect(await site.exited).toBe(0)
  },
)

it('when the grace time is over the answer is cut off, named so, and the text so far is kept', async () => {
  site = await startSite({ SHUTDOWN_GRACE_SECONDS: '0' })
  const stream = await signalInMidAnswer('SIGTERM')
  expect(dataOf(stream).at(-1)).toBe('[DONE]')
  expect(stream).toContain('"status":"interrupted"')
  expect(answerOf(stream)).not.toBe('')
  expect(await site.exited).toBe(0)
})

it('an idle server ends at once', async () => {
  site = await startSite()
  site.signal('SIGTERM')
  expect(await site.exited).toBe(0)
})
