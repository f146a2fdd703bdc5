import { describe, expect, it } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import { createHistory, createMemoryStorage } from '../history/index.js'
import { createFakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { createFeedback } from './index.js'

async function afterAnAnswer() {
  const platform = createFakePlatform()
  const proxy = new ScriptedProxy({ platform })
  const storage = createMemoryStorage()
  const open = () =>
    createChatClient({
      baseUrl: 'https://chat.test',
      fetch: proxy.fetch,
      platform,
      parts: { history: createHistory({ storage }), feedback: createFeedback() },
    })
  const client = open()
  void client.send('Hello')
  await platform.settle()
  const answerId = client.getSnapshot().messages[1]?.id ?? ''
  return { platform, proxy, client, answerId, open }
}

describe('feedback', () => {
  it('stands at the answer at once, and is there after a reload', async () => {
    const { client, answerId, platform, open } = await afterAnAnswer()
    const rated = client.feedback.rate(answerId, 'down', 'Too short \ud83d')
    expect(client.getSnapshot().messages[1]?.feedback).toMatchObject({ rating: 'down' })
    await platform.settle()
    await rated
    client.destroy()
    const again = open()
    void again.start()
    await platform.settle()
    const feedback = { rating: 'down', comment: 'Too short \ufffd' }
    expect(again.getSnapshot().messages[1]?.feedback).toMatchObject(feedback)
  })

  it('is taken back when the server does not take it', async () => {
    const { client, answerId, platform, proxy } = await afterAnAnswer()
    void client.feedback.rate(answerId, 'up')
    await platform.settle()
    proxy.fault = () => ({ kind: 'status', status: 500 })
    const refused = client.feedback.rate(answerId, 'down')
    const failure = expect(refused).rejects.toMatchObject({ code: 'upstream' })
    await platform.settle()
    await failure
    expect(client.getSnapshot().messages[1]?.feedback?.rating).toBe('up')
  })

  it('is about answers alone', async () => {
    const { client } = await afterAnAnswer()
    const question = client.getSnapshot().messages[0]?.id ?? ''
    await expect(client.feedback.rate(question, 'up')).rejects.toMatchObject({ code: 'protocol' })
  })
})
