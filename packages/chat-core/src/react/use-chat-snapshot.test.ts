import { act, createElement, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { create, type ReactTestRenderer } from 'react-test-renderer'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createChatClient } from '../chat-client/create-chat-client.js'
import type { ChatClient, ChatSnapshot } from '../chat-client/chat-client.js'
import { createFakePlatform, type FakePlatform } from '../testing/fake-platform.js'
import { ScriptedProxy } from '../testing/scripted-proxy.js'
import { useChatSnapshot } from './index.js'

let platform: FakePlatform
let client: ChatClient
let renders: number

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  platform = createFakePlatform()
  const { fetch } = new ScriptedProxy({ platform, gapMs: 100 })
  client = createChatClient({ baseUrl: 'https://chat.test', fetch, platform })
  renders = 0
})
afterEach(() => {
  client.destroy()
  vi.unstubAllGlobals()
})

function Messages({ chat }: { chat: ChatClient }): ReactElement {
  renders += 1
  return createElement('p', null, ...useChatSnapshot(chat).messages.map(({ content }) => `${content};`))
}

function Phase({ chat }: { chat: ChatClient }): ReactElement {
  renders += 1
  return createElement(
    'p',
    null,
    useChatSnapshot(chat, ({ phase }: ChatSnapshot) => phase),
  )
}

const mount = (element: ReactElement): Promise<ReactTestRenderer> => act(async () => create(element))
const shown = (tree: ReactTestRenderer): string => JSON.stringify(tree.toJSON())

test('a component shows the question and the answer as it comes', async () => {
  const tree = await mount(createElement(Messages, { chat: client }))
  await act(async () => {
    void client.send('Hello')
    await platform.advance(150)
  })
  expect(shown(tree)).toContain('"Hello;","You ;"')
  await act(() => platform.settle())
  expect(shown(tree)).toContain('"Hello;","You said: Hello;"')
})

test('a component that selects a piece renders only when that piece is another one', async () => {
  const tree = await mount(createElement(Phase, { chat: client }))
  await act(async () => {
    void client.send('Hello')
    await platform.advance(150)
  })
  expect(shown(tree)).toContain('streaming')
  const before = renders
  await act(() => platform.advance(200))
  expect(client.getSnapshot().messages[1]?.content).toBe('You said: Hello')
  expect(renders).toBe(before)
})

test('a component that goes does not listen any more', async () => {
  const subscribe = vi.spyOn(client, 'subscribe')
  const tree = await mount(createElement(Messages, { chat: client }))
  await act(async () => tree.unmount())
  const before = renders
  await act(async () => {
    void client.send('Hello')
    await platform.settle()
  })
  expect(subscribe).toHaveBeenCalledOnce()
  expect(renders).toBe(before)
})

test('another client is followed from the moment it is given', async () => {
  const { fetch } = new ScriptedProxy({ platform })
  const other = createChatClient({ baseUrl: 'https://chat.test', fetch, platform })
  const tree = await mount(createElement(Messages, { chat: client }))
  await act(async () => tree.update(createElement(Messages, { chat: other })))
  await act(async () => {
    void other.send('Here')
    await platform.settle()
  })
  expect(shown(tree)).toContain('"Here;"')
  other.destroy()
})

test('a page made on the server shows an empty chat, whatever the client has', async () => {
  void client.send('Hello')
  await platform.settle()
  expect(renderToString(createElement(Messages, { chat: client }))).toBe('<p></p>')
})
