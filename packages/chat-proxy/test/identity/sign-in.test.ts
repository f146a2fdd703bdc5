import { createChatClient, type ChatClient } from '@colloquy/chat-core'
import { createHistory, type History } from '@colloquy/chat-core/history'
import type { StartRequest, StartResponse } from '@colloquy/chat-core/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOST_IDENTITY, HOST_SECRET, hostToken } from '../../src/application/testing/host-site.js'
import { ScriptedModel } from '../support/scripted-model.js'
import { serveProxy, type ServedProxy } from '../support/served-proxy.js'

/** chat-core against the whole proxy: somebody asks as a visitor, signs in on the site, and goes on as a user. */

let proxy: ServedProxy
let clients: ChatClient[]
beforeEach(async () => {
  clients = []
  proxy = await serveProxy(new ScriptedModel((question) => ['You said: ', question]), {
    IDENTITY_SECRET: HOST_SECRET,
    IDENTITY_ISSUER: HOST_IDENTITY.issuer,
    IDENTITY_AUDIENCE: 'chat',
  })
})
afterEach(async () => {
  for (const client of clients) client.destroy()
  await proxy.close()
})

type Client = ChatClient & { readonly history: History }

/** A browser in which somebody may have signed in on the site. */
class Device {
  identityToken: string | null = null
  readonly #sessions: StartResponse[] = []

  client(): Client {
    const client = createChatClient({
      baseUrl: proxy.url,
      fetch: (input, init) => this.#fetch(input, init),
      parts: { history: createHistory() },
    })
    clients.push(client)
    return client
  }

  /** What the site knows goes along when a session starts, with the visitor of this device so far. */
  async #fetch(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
    const url = input instanceof Request ? input.url : String(input)
    if (!url.endsWith('/chat/start')) return fetch(input, init)
    const before = this.#sessions.at(-1)
    const body: StartRequest = before ? { visitor_token: before.token } : {}
    const headers = new Headers(init.headers)
    if (this.identityToken !== null) headers.set('authorization', `Bearer ${this.identityToken}`)
    const response = await fetch(url, { ...init, headers, body: JSON.stringify(body) })
    // The contract's shape, which the client under test relies on as well.
    if (response.ok) this.#sessions.push((await response.clone().json()) as StartResponse)
    return response
  }
}

const signedIn = (sub: string): Promise<string> => hostToken({ sub, expiresAt: Date.now() + 600_000 })
const titlesOf = async (client: Client): Promise<string[]> => {
  await client.start()
  await client.history.list()
  return client.getSnapshot().conversations.map(({ title }) => title)
}

test('a visitor who signs in finds what they asked before, and asks on in the same conversation', async () => {
  const device = new Device()
  const visitor = device.client()
  expect((await visitor.send('Do you ship to Malta?')).status).toBe('done')
  const { conversationId } = visitor.getSnapshot()

  device.identityToken = await signedIn('ann')
  const user = device.client()
  expect(await titlesOf(user)).toEqual(['Do you ship to Malta?'])
  expect(user.getSnapshot().session?.visitorId).toBe('u_ann')
  await user.history.open(conversationId ?? '')
  const { status, message } = await user.send('And to Gozo?')
  expect([status, message.content]).toEqual(['done', 'You said: And to Gozo?'])
  expect(user.getSnapshot().messages).toHaveLength(4)

  const phone = new Device()
  phone.identityToken = await signedIn('ann')
  expect(await titlesOf(phone.client())).toEqual(['Do you ship to Malta?'])
})

test('somebody else on the same site finds nothing of it', async () => {
  const device = new Device()
  device.identityToken = await signedIn('ann')
  await device.client().send('Mine')
  const other = new Device()
  other.identityToken = await signedIn('bob')
  expect(await titlesOf(other.client())).toEqual([])
  expect(await titlesOf(new Device().client())).toEqual([])
})

test('an identity token that is not good starts no session, and the client says why', async () => {
  const device = new Device()
  device.identityToken = await hostToken({ sub: 'ann', expiresAt: Date.now() - 60_000 })
  const client = device.client()
  await client.start()
  expect(client.getSnapshot().session).toBeNull()
  expect(client.getSnapshot().error).toMatchObject({ status: 401 })
})
