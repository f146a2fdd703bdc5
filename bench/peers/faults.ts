import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport } from 'ai'
import OpenAI from 'openai'
import { ANSWER, Scene } from '../../packages/chat-proxy/test/durability/ask-through.js'
import { FOR_GOOD, HEALED } from '../../packages/chat-proxy/test/durability/bad-lines.js'
import type { RelayFault } from '../../packages/chat-proxy/test/support/relay.js'
import { named } from './bundles.js'

/** How long a client may leave a person without an answer and without an error, in ms. */
const PATIENCE = 5_000

/** Asks one question with a client as its users wire it. @returns the text that it takes for the whole answer */
type Ask = (baseUrl: string, token: string) => Promise<string>

const PEERS: Readonly<Record<string, { readonly about: RegExp; readonly ask: Ask }>> = {
  openai: { about: /chat\/completions$/, ask: askOpenAi },
  '@ai-sdk/react': { about: /ui\/chat$/, ask: askAiSdk },
}

/** As of ours: what can be healed is right when the answer is whole and was made once, the rest when the failure is told. */
const FAULTS: readonly { readonly fault: Fault; readonly isRight: (outcome: Judged) => boolean }[] = [
  // Of sessions other clients know nothing.
  ...HEALED.filter(([, , about]) => about === undefined).map(([, fault]) => ({
    fault,
    isRight: (outcome: Judged) => 'text' in outcome && outcome.text === ANSWER && outcome.generations === 1,
  })),
  ...FOR_GOOD.map(([, fault]) => ({ fault, isRight: (outcome: Judged) => 'error' in outcome })),
]

/** Other clients over the same bad lines, through the same proxy, as a cell of the table. */
export async function peersOverFaults(): Promise<string> {
  const scene = await Scene.open()
  const cells: string[] = []
  for (const [name, { about, ask }] of Object.entries(PEERS)) {
    const judged: string[] = []
    for (const { fault, isRight } of FAULTS) {
      const outcome = await scene.through(fault, about, (url) => outcomeOf(url, ask))
      judged.push(isRight(outcome) ? 'right' : 'error' in outcome ? 'told' : 'wrong')
    }
    const count = (verdict: string): number => judged.filter((each) => each === verdict).length
    cells.push(
      `${count('right')} of ${FAULTS.length} (${named(name)}; ${count('told')} more end in an error, ${count('wrong')} in silence or a wrong text)`,
    )
  }
  await scene.close()
  return cells.join(', ')
}

type Fault = (count: number) => RelayFault | null
type Judged = Outcome & { readonly generations: number }
type Outcome = { readonly text: string } | { readonly error: unknown } | { readonly hung: true }

async function outcomeOf(baseUrl: string, ask: Ask): Promise<Outcome> {
  const started = await fetch(`${baseUrl}/api/v1/chat/start`, { method: 'POST' })
  // The contract says so.
  const { token } = (await started.json()) as { token: string }
  let timer: NodeJS.Timeout | undefined
  const hung = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ hung: true }), PATIENCE)
  })
  const asked = ask(baseUrl, token).then(
    (text): Outcome => ({ text }),
    (error: unknown): Outcome => ({ error }),
  )
  return Promise.race([asked, hung]).finally(() => clearTimeout(timer))
}

async function askOpenAi(baseUrl: string, apiKey: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey })
  const stream = await client.chat.completions.create({
    model: 'scripted',
    stream: true,
    messages: [{ role: 'user', content: 'Question' }],
  })
  let text = ''
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  return text
}

async function askAiSdk(baseUrl: string, token: string): Promise<string> {
  const chat = new Chat({
    transport: new DefaultChatTransport({
      api: `${baseUrl}/api/v1/ui/chat`,
      headers: { authorization: `Bearer ${token}` },
    }),
  })
  await chat.sendMessage({ text: 'Question' })
  if (chat.error) throw chat.error
  return chat.lastMessage?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? ''
}
