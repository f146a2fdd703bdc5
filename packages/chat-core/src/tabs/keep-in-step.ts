import { forgetAll, onWake, type ClientCore } from '../chat-client/client-core.js'
import type { Part } from '../chat-client/part.js'
import { noteProgress, requestStop, runTurn } from '../chat-client/run-turn.js'
import { newTurn, type Turn } from '../chat-client/turn.js'
import { dropConversation } from '../history/drop-conversation.js'
import type { ChatMessage } from '../messages/message.js'
import { lineUp } from './line-up.js'
import { oneVisitor } from './one-visitor.js'
import { toTabMessage, type TabMessage, type TabNews, type Tabs } from './tabs.js'
import { createTeller, type TurnTeller } from './turn-teller.js'

/** Makes a client one of `tabs`: it tells what happens here, and takes up what happens there. */
export const keepInStep =
  (tabs: Tabs): Part<void> =>
  (core) => {
    /** Of the turns whose connection this tab holds, rather than following another tab. */
    const tellers = new Map<Turn, TurnTeller>()
    oneVisitor(core, tabs)
    const stopListening = tabs.listen((news) => onNews(core, tabs, tellers, news))
    // With the line up, whichever tab leads sends the question, and the others hear of it when it has arrived.
    onWake(core, () => {
      for (const { turns } of core.state.held.values())
        for (const { progress } of turns) progress.maybeSent ||= core.platform.isOnline()
    })
    core.signal.addEventListener('abort', () => {
      stopListening()
      tabs.close()
    })
    core.hooks.push({
      asked({ id, tree }, { questionId, answerId, body }) {
        const question = tree.get(questionId)
        const answer = tree.get(answerId)
        if (!question || !answer || !body) return
        const exchange = { question: toTabMessage(question), answer: toTabMessage(answer), body }
        tabs.tell({ type: 'asked', conversationId: id, ...exchange })
      },
      around({ id, tree }, turn, drive) {
        // Asked with the line up.
        turn.progress.maybeSent ||= tree.get(turn.questionId)?.status === 'sending'
        return tabs.lead(`conversation/${id}`, core.signal, () => lead(core, tabs, tellers, { turn, drive }))
      },
      arrived: lineUp,
      progressed: (turn) => tellers.get(turn)?.onProgress(),
      stopping({ turns }, only) {
        for (const { runId } of only ? [only] : turns) tabs.tell({ type: 'stop', runId })
      },
      removed: (conversationId) => tabs.tell({ type: 'removed', conversationId }),
      forgotten(visitorId) {
        if (visitorId) tabs.tell({ type: 'signed-out', visitorId })
      },
    })
  }

async function lead(
  { platform }: ClientCore,
  tabs: Tabs,
  tellers: Map<Turn, TurnTeller>,
  { turn, drive }: { turn: Turn; drive: () => Promise<void> },
): Promise<void> {
  // The tab that led before brought it to its end.
  if (turn.progress.end) return
  const teller = createTeller(tabs, platform, turn)
  tellers.set(turn, teller)
  try {
    await drive()
    teller.flush()
  } finally {
    tellers.delete(turn)
    teller.stop()
  }
}

function onNews(core: ClientCore, tabs: Tabs, led: ReadonlyMap<Turn, unknown>, news: TabNews): void {
  switch (news.type) {
    case 'asked':
      return onAsked(core, news)
    case 'progress':
      return onProgress(core, tabs, led, news)
    case 'stop':
      for (const held of core.state.held.values())
        for (const turn of held.turns) if (turn.runId === news.runId) void requestStop(core, held, turn)
      return
    case 'removed':
      return dropConversation(core, news.conversationId)
    case 'signed-out':
      // Heard late, it does not concern who is here now.
      if (core.state.session?.visitorId === news.visitorId) void forgetAll(core)
      return
    case 'missed':
  }
}

/** Another tab asked in a conversation that is held here: the same turn, behind those that are known here. */
function onAsked(core: ClientCore, news: Extract<TabNews, { type: 'asked' }>): void {
  const { question, answer, body } = news
  const conversation = core.state.held.get(news.conversationId)
  if (!conversation || conversation.turns.some(({ answerId }) => answerId === answer.id)) return
  const { tree, turns } = conversation
  const last = tree.last()
  tree.put(toMessage(question))
  tree.put(toMessage(answer))
  // What is under way here stays on the screen, also when that tab did not know of it yet.
  if (turns.length > 0 && last) tree.open(last.id)
  void runTurn(core, conversation, newTurn(body.run_id, answer.id, question.id, body))
  for (const turn of turns) if (turn.progress.acknowledged) lineUp(conversation, turn)
}

function onProgress(
  core: ClientCore,
  tabs: Tabs,
  led: ReadonlyMap<Turn, unknown>,
  news: Extract<TabNews, { type: 'progress' }>,
): void {
  for (const conversation of core.state.held.values()) {
    const turn = conversation.turns.find(({ runId }) => runId === news.runId)
    if (!turn || led.has(turn)) continue
    const { progress } = turn
    if (news.from > progress.text.length) {
      tabs.tell({ type: 'missed', runId: news.runId })
      continue
    }
    progress.text = progress.text.slice(0, news.from) + news.text
    progress.seq = news.seq
    progress.acknowledged = true
    progress.end ??= news.end
    noteProgress(core, conversation, turn)
  }
}

const toMessage = (message: TabMessage): ChatMessage => ({ ...message, error: null })
