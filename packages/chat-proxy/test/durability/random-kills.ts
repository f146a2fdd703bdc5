import { createChatClient, type ChatClient } from '@colloquy/chat-core'
import { seededRandom } from '@colloquy/chat-core/testing'
import { Line } from '../support/line.js'
import { ScriptedModel } from '../support/scripted-model.js'
import { serveProxy } from '../support/served-proxy.js'

export interface KillReport {
  readonly seed: number
  readonly sends: number
  readonly kills: number
  /** How often the model was called. */
  readonly calls: number
  /** Answers whose final text was not byte for byte what the model said. */
  readonly wrong: readonly string[]
}

const wordsOf = (question: string): string[] =>
  Array.from({ length: 60 }, (_, index) => `${question}·${index} Ünïcödé \u{1F600} `)

/** Asks questions over a line that is cut at random bytes until it was cut `kills` times. */
export async function killRandomly(kills: number, seed: number): Promise<KillReport> {
  const random = seededRandom(seed)
  const model = new ScriptedModel(wordsOf)
  const served = await serveProxy(model)
  const line = await Line.open(() => served.port)
  line.nextCut = () => ({
    kind: random() < 0.5 ? 'reset' : 'end',
    afterBytes: 1 + Math.floor(random() * 12_000),
  })
  const client = impatientClient(line.url)
  const wrong: string[] = []
  let sends = 0
  try {
    while (line.cuts < kills) {
      // A new conversation now and then, so that creating one is cut as well.
      if (sends % 10 === 0) client.newConversation()
      sends += 1
      const { status, message } = await client.send(`q${sends}`)
      const isRight = status === 'done' && message.content === wordsOf(`q${sends}`).join('')
      if (!isRight) wrong.push(`q${sends}: ${status}, ${message.content.length} characters`)
    }
  } finally {
    client.destroy()
    await line.close()
    await served.close()
  }
  return { seed, sends, kills: line.cuts, calls: model.calls, wrong }
}

/** A client with no patience between tries and no end to its hope, because here every second connection is cut. */
function impatientClient(baseUrl: string): ChatClient {
  return createChatClient({
    baseUrl,
    policy: {
      send: { tries: 100, base: 1, cap: 4 },
      resume: { tries: 100, base: 1, cap: 4 },
    },
  })
}
