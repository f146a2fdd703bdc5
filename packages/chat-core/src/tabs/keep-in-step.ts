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

/** What arrives is told as often as nobody sees the difference. */
const TELL_MS = 50
/** While nobody is known to listen: a message to other tabs costs the page a third of a millisecond, also when there are none. */
const ALONE_MS = 1000

/** Makes a client one of `tabs`: it tells what happens here, and takes up what happens there. */
export const keepInStep =
  (tabs: Tabs): Part<void> =>
  (core) => {
    /** Of the turns whose connection this tab holds, rather than following another tab. */
    const tellers = new Map<Turn, TurnTeller>()
    let pauseMs = ALONE_MS
    oneVisitor(core, tabs)
    const stopListening = tabs.listen((news) => {
      pauseMs = TELL_MS
      onNews(core, tabs, tellers, news)
    })
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
        tabs.tell({
          type: 'asked',
          conversationId: id,
          question: toTabMessage(question),
          answer: toTabMessage(answer),
          body,
        })
      },
      around({ id, tree }, turn, drive) {
        // Asked with the line up.
        turn.progress.maybeSent ||= tree.get(turn.questionId)?.status === 'sending'
        // Whoever reads it already hears that somebody follows.
        tabs.tell({ type: 'missed', runId: turn.runId })
        const teller = createTeller(tabs, core.platform, turn, () => pauseMs)
        return tabs.lead(`conversation/${id}`, core.signal, () => lead(tellers, turn, drive, teller))
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
  tellers: Map<Turn, TurnTeller>,
  turn: Turn,
  drive: () => Promise<void>,
  teller: TurnTeller,
): Promise<void> {
  // The tab that led before brought it to its end.
  if (turn.progress.end) return
  tellers.set(turn, teller)
  try {
    await drive()
    teller.flush()
  } finally {
    tellers.delete(turn)
    teller.stop()
  }
}

function onNews(core: ClientCore, tabs: Tabs, tellers: ReadonlyMap<Turn, TurnTeller>, news: TabNews): void {
  switch (news.type) {
    case 'asked':
      return onAsked(core, news)
    case 'progress':
      return onProgress(core, tabs, tellers, news)
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
      for (const [{ runId, progress }, teller] of tellers)
        if (runId === news.runId && progress.acknowledged) teller.flush(0)
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
