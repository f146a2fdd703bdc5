import { EMPTY_SNAPSHOT } from '@colloquy/chat-core'
import type { LastConversation } from '@colloquy/chat-core/history'
import type { ReactiveController, ReactiveControllerHost } from '../rendering/reactive-controller.js'
import { expect } from 'chai'
import type { WidgetClient } from '../chat-widget/open-client.js'
import { FakeChatClient, fakeMessage } from '../testing/fake-chat-client.js'
import { ChatController } from './chat-controller.js'

class Host extends EventTarget implements ReactiveControllerHost {
  readonly updateComplete = Promise.resolve(true)
  addController(_controller: ReactiveController): void {}
  removeController(_controller: ReactiveController): void {}
  requestUpdate(): void {}
}

const cached: LastConversation = {
  conversationId: 'c_1',
  messages: [fakeMessage({ id: 'm_1', role: 'user', status: 'sent', content: 'Kept' })],
}

interface Coming {
  readonly client: Promise<WidgetClient>
  resolve(client: WidgetClient): void
  reject(reason: unknown): void
}

function coming(): Coming {
  let settle: Omit<Coming, 'client'> | undefined
  const client = new Promise<WidgetClient>((resolve, reject) => {
    settle = { resolve, reject }
  })
  if (!settle) throw new Error('a promise calls its function at once')
  return { client, ...settle }
}

/** A controller whose client comes when the test says so. */
function scene(found: LastConversation | null = null) {
  const host = new Host()
  const making: Coming[] = []
  const chat = new ChatController(host, {
    given: () => null,
    make() {
      const next = coming()
      making.push(next)
      return { client: next.client, cached: Promise.resolve(found) }
    },
    connected() {},
  })
  const errors: string[] = []
  host.addEventListener('chat-error', (event) => errors.push(Reflect.get(event, 'detail').code))
  const words = (): string[] => chat.snapshot.messages.map(({ content }) => content)
  return { chat, making, errors, words }
}

const passed = (): Promise<void> => new Promise((done) => setTimeout(done, 0))

describe('a chat whose client is still on its way', () => {
  it('shows what an earlier page left, until the client has looked itself', async () => {
    const { chat, making, words } = scene(cached)
    chat.begin()
    expect([chat.snapshot.loading, words()]).to.deep.equal([true, []])
    await passed()
    expect([chat.snapshot.conversationId, words()]).to.deep.equal(['c_1', ['Kept']])
    const client = new FakeChatClient()
    client.start = async () => client.set({ loading: true })
    making[0]?.resolve(client)
    await passed()
    expect(words()).to.deep.equal(['Kept'])
    client.set({ conversationId: 'c_1' })
    expect(words(), 'opened, not read yet').to.deep.equal(['Kept'])
    client.set({ loading: false, messages: [fakeMessage({ content: 'Of the server' })] })
    expect(words()).to.deep.equal(['Of the server'])
    client.set({ messages: [] })
    expect(words()).to.deep.equal([])
  })

  it('has the versions of what it showed before, once the client knows them', async () => {
    const { chat, making } = scene(cached)
    chat.begin()
    await passed()
    const client = new FakeChatClient()
    client.start = async () => client.set({ loading: true })
    making[0]?.resolve(client)
    await passed()
    client.known.set('m_1', ['m_0', 'm_1'])
    client.set({ ...cached, loading: true })
    expect(chat.versions.get('m_1')).to.deep.equal(['m_0', 'm_1'])
  })

  it('lets go of it when another conversation is opened, or none', async () => {
    for (const leave of [
      (client: FakeChatClient) => client.set({ loading: true, conversationId: 'c_2' }),
      (_client: FakeChatClient, chat: ChatController) => chat.forgetCached(),
    ]) {
      const { chat, making, words } = scene(cached)
      chat.begin()
      await passed()
      const client = new FakeChatClient()
      client.start = async () => client.set({ loading: true })
      making[0]?.resolve(client)
      await passed()
      expect(words()).to.deep.equal(['Kept'])
      leave(client, chat)
      expect(words()).to.deep.equal([])
    }
  })

  it('does what was asked of it in the meantime, in its order', async () => {
    const { chat, making } = scene()
    chat.begin()
    chat.begin()
    const sent = chat.use((client) => client.send('Hello'))
    const client = new FakeChatClient()
    making[0]?.resolve(client)
    expect((await sent).status).to.equal('done')
    expect([making.length, client.calls]).to.deep.equal([1, ['start()', 'send(Hello)']])
  })

  it('says so when its code does not come, and asks for it again', async () => {
    const { chat, making, errors, words } = scene(cached)
    chat.begin()
    await passed()
    making[0]?.reject(new TypeError('Failed to fetch dynamically imported module'))
    await passed()
    const { error, loading } = chat.snapshot
    expect([error?.code, error?.unanswered, loading, errors, words()]).to.deep.equal([
      'upstream',
      true,
      false,
      ['upstream'],
      ['Kept'],
    ])
    const again = chat.use((client) => client.start())
    const client = new FakeChatClient()
    making[1]?.resolve(client)
    await again
    expect([client.calls, chat.snapshot.error]).to.deep.equal([['start()'], null])
  })

  it('ends a client that comes when nobody wants it any more', async () => {
    const { chat, making } = scene(cached)
    const sent = chat.use((client) => client.send('Hello')).catch((error: unknown) => error)
    chat.disconnect()
    const client = new FakeChatClient()
    making[0]?.resolve(client)
    expect(await sent).to.have.property('code', 'aborted')
    expect([client.destroyed, client.calls]).to.deep.equal([true, []])
    expect(chat.snapshot).to.deep.equal(EMPTY_SNAPSHOT)
  })
})
